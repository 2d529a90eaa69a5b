#include "sdk/record_data.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace certo::sdk {
namespace {

/// Takes words from the front of a record's text.
class RecordWords {
 public:
  explicit RecordWords(std::string_view text) : whole_(text), rest_(trim(text)) {}

  uint8_t number() {
    const std::string_view digits = word();
    uint8_t value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault != std::errc() || end != digits.data() + digits.size()) fail();
    return value;
  }

  std::string_view word() {
    const size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view taken = rest_.substr(0, end);
    if (taken.empty()) fail();
    rest_ = trim(rest_.substr(end));
    return taken;
  }

  std::string_view rest() const { return rest_; }

  [[noreturn]] void fail() const {
    throw Failure{CERTO_FAILED, "'" + printable(whole_, 200) + "' is not the value of such a record"};
  }

 private:
  std::string_view whole_, rest_;
};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

Caa parse_caa(std::string_view text) {
  RecordWords words(text);
  Caa caa;
  caa.flags = words.number();
  caa.tag = lower(words.word());
  std::string_view value = words.rest();
  const bool is_quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  if (is_quoted) value = value.substr(1, value.size() - 2);
  if (!is_quoted && (value.empty() || value.find(' ') != value.npos)) words.fail();
  if (!std::ranges::all_of(caa.tag, is_letter_or_digit) || value.find('"') != value.npos) words.fail();
  caa.value = value;
  return caa;
}

Tlsa parse_tlsa(std::string_view text) {
  RecordWords words(text);
  Tlsa tlsa;
  tlsa.usage = words.number();
  tlsa.selector = words.number();
  tlsa.matching = words.number();
  tlsa.data = lower(words.rest());
  std::erase(tlsa.data, ' ');
  if (tlsa.data.empty() || tlsa.data.size() % 2 != 0 || !std::ranges::all_of(tlsa.data, is_hex_digit))
    words.fail();
  return tlsa;
}

std::string content(const Host& host, std::string_view value) {
  const std::string type = host.type();
  if (type == "TXT") return quoted(value);
  if (type == "CAA") {
    const Caa caa = parse_caa(value);
    return std::to_string(caa.flags) + " " + caa.tag + " \"" + caa.value + "\"";
  }
  if (type == "TLSA") {
    const Tlsa tlsa = parse_tlsa(value);
    return std::to_string(tlsa.usage) + " " + std::to_string(tlsa.selector) + " " +
           std::to_string(tlsa.matching) + " " + tlsa.data;
  }
  return std::string(value);
}

}  // namespace certo::sdk
