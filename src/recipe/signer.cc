#include "recipe/signer.h"

#include <algorithm>

namespace certo::recipe {

const std::vector<std::string>& moment_placeholders() {
  static const std::vector<std::string> names = {"timestamp", "milliseconds", "utc", "http_date", "nonce"};
  return names;
}

Signer::Signer(const std::vector<Computed>& computed, const sdk::Host& host, const Scope& settings,
               Signing how)
    : computed_(computed), host_(host), how_(how) {
  if (computed_.empty()) return;
  made_ = moment();
  known_ = settings;
}

Scope Signer::moment() const {
  Scope moment;
  for (const std::string& name : moment_placeholders())
    moment[name] = how_ == Signing::shown ? "{" + name + "}" : "";
  if (how_ != Signing::real) return moment;
  const int64_t milliseconds = host_.now_ms();  // read once, so that all forms mean the same moment
  const Time now(Seconds(milliseconds / 1000));
  moment["timestamp"] = std::to_string(milliseconds / 1000);
  moment["milliseconds"] = std::to_string(milliseconds);
  moment["utc"] = compact_utc(now);
  moment["http_date"] = http_date(now);
  std::string nonce = host_.uuid();
  std::erase(nonce, '-');
  moment["nonce"] = nonce;
  return moment;
}

void Signer::know(Computed::From part, const Scope& values) {
  for (const auto& [name, value] : values) known_[name] = value;
  add_to(known_);
  for (const Computed& one : computed_) {
    if (one.from == part) made_[one.name] = known_[one.name] = value_of(one);
  }
}

void Signer::add_to(Scope& scope) const {
  for (const auto& [name, value] : made_) scope[name] = value;
}

std::string Signer::value_of(const Computed& one) const {
  const std::string text = filled(one.text, known_, Escape::none);
  if (how_ == Signing::shown) {
    const bool is_line = one.algorithm.empty() && text.find_first_of("\r\n") == text.npos;
    return is_line ? (one.is_base64 ? "base64(" : "hex(") + text + ")" : "{" + one.name + "}";
  }
  const char* const algorithm = one.algorithm.c_str();
  Bytes bytes(text.begin(), text.end());
  if (one.key) {
    bytes = host_.hmac(algorithm, as_bytes(filled(*one.key, known_, Escape::none)), text);
  } else if (!one.algorithm.empty()) {
    bytes = host_.hash(algorithm, text);
  }
  return one.is_base64 ? base64(bytes) : hex(bytes);
}

}  // namespace certo::recipe
