#include "sdk/provider.hpp"

#include <algorithm>
#include <exception>

#include "base/txt_strings.h"

namespace certo::sdk {
namespace {

std::string without_query(const std::string& url) { return url.substr(0, url.find('?')); }

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string status_text(const Reply& reply) {
  return reply.subject + " answered " + std::to_string(reply.status);
}

}  // namespace

Json Reply::json() const {
  try {
    return parse_json(body, subject, Exit::failed, CERTO_REPLY_SIZE);
  } catch (const Error& error) {
    throw Failure{CERTO_UNREACHABLE, error.message};
  }
}

std::string Reply::header(std::string_view name) const {
  for (const std::string& line : headers) {
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
      return std::string(trim(std::string_view(line).substr(name.size() + 1)));
  }
  return {};
}

std::optional<std::string> Host::setting(const char* name) const {
  const char* value = raw_.setting(raw_.self, name);
  if (!value || !*value) return std::nullopt;
  return value;
}

std::string Host::require(const char* name) const {
  if (auto value = setting(name)) return *value;
  throw Failure{CERTO_CONFIG, std::string(name) + " is not set"};
}

std::string Host::base_url() const {
  std::string url = require("BASE_URL");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Reply Host::raw_http(const Request& request) const {
  std::vector<const char*> headers;
  for (const std::string& header : request.headers) headers.push_back(header.c_str());
  headers.push_back(nullptr);

  const certo_request raw{.size = sizeof raw,
                          .method = request.method.c_str(),
                          .url = request.url.c_str(),
                          .headers = headers.data(),
                          .body = request.body.data(),
                          .body_length = request.body.size(),
                          .reads = request.reads ? 1 : 0};
  certo_reply answer{};
  answer.size = sizeof answer;
  const int status = raw_.http(raw_.self, &raw, &answer);
  // An empty reason leaves the one that the host gave.
  if (status != CERTO_OK) throw Failure{static_cast<certo_status>(status), ""};
  Reply reply{answer.status, std::string(answer.body, answer.body_length),
              request.method + " " + without_query(request.url)};
  for (auto header = answer.headers; *header; ++header) reply.headers.emplace_back(*header);
  return reply;
}

Reply Host::http(const Request& request) const {
  Reply reply = raw_http(request);
  throw_if_refused(reply, "");
  return reply;
}

Bytes Host::hash(const char* algorithm, std::string_view data) const {
  Bytes digest(CERTO_DIGEST_SIZE);
  digest.resize(raw_.hash(raw_.self, algorithm, data.data(), data.size(), digest.data()));
  if (digest.empty()) throw Failure{CERTO_CONFIG, std::string(algorithm) + ": no such hash function"};
  return digest;
}

Bytes Host::hmac(const char* algorithm, std::span<const uint8_t> key, std::string_view data) const {
  Bytes code(CERTO_DIGEST_SIZE);
  code.resize(raw_.hmac(raw_.self, algorithm, key.data(), key.size(), data.data(), data.size(), code.data()));
  if (code.empty()) throw Failure{CERTO_CONFIG, std::string(algorithm) + ": no such hash function"};
  return code;
}

std::string Host::base64(std::string_view data) const {
  return raw_.base64(raw_.self, data.data(), data.size());
}

Bytes Host::sign(const std::string& private_key, std::string_view data) const {
  Bytes signature(CERTO_SIGNATURE_SIZE);
  signature.resize(raw_.sign(raw_.self, private_key.c_str(), data.data(), data.size(), signature.data()));
  if (signature.empty()) throw Failure{CERTO_CONFIG, ""};
  return signature;
}

Bytes Host::sign_by(const char* algorithm, const std::string& private_key, std::string_view data) const {
  Bytes signature(CERTO_SIGNATURE_SIZE);
  signature.resize(
      raw_.sign_by(raw_.self, algorithm, private_key.c_str(), data.data(), data.size(), signature.data()));
  if (signature.empty()) throw Failure{CERTO_CONFIG, ""};
  return signature;
}

std::string Host::uuid() const {
  Bytes bytes(16);
  raw_.random(raw_.self, bytes.data(), bytes.size());
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);  // the version
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);  // the variant
  std::string text = hex(bytes);
  for (const size_t place : {20, 16, 12, 8}) text.insert(place, "-");
  return text;
}

Time Host::now() const { return Time(Seconds(raw_.now(raw_.self))); }

int64_t Host::now_ms() const {
  // A certo that is older than this file has no such member.
  return raw_.size > offsetof(certo_host, now_ms) ? raw_.now_ms(raw_.self) : raw_.now(raw_.self) * 1000;
}

std::string Host::type() const {
  // A certo that is older than this file has no such member.
  return raw_.size > offsetof(certo_host, type) && raw_.type ? raw_.type : "TXT";
}

std::string Host::zone(const std::string& name) const {
  if (setting("ZONE")) return zone_candidates(*this, name).front();
  const char* zone = raw_.zone(raw_.self, name.c_str());
  if (!zone) throw Failure{CERTO_NO_ZONE, ""};
  return zone;
}

Bytes Host::dns(const std::string& server, const Bytes& message) const {
  const uint8_t* reply = nullptr;
  size_t length = 0;
  const int status = raw_.dns(raw_.self, server.c_str(), message.data(), message.size(), &reply, &length);
  if (status != CERTO_OK) throw Failure{static_cast<certo_status>(status), ""};
  return Bytes(reply, reply + length);
}

std::string bearer(const std::string& token) { return "Authorization: Bearer " + token; }

std::string basic(const Host& host, const std::string& user, const std::string& password) {
  return "Authorization: Basic " + host.base64(user + ":" + password);
}

std::string escaped(std::string_view text) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (is_unreserved(c)) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return result;
}

namespace {

/// Not every service uses status 429.
bool tells_rate_limit(const std::string& why) {
  const std::string words = certo::lower(why);
  constexpr std::string_view signs[] = {"rate limit", "ratelimit", "too many requests", "throttl"};
  return std::ranges::any_of(signs, [&](std::string_view sign) { return words.find(sign) != words.npos; });
}

}  // namespace

void throw_if_refused(const Reply& reply, const std::string& why) {
  const std::string told = why.empty() ? "" : ": " + why;
  if (tells_rate_limit(why)) throw Failure{CERTO_LATER, "rate limited: " + status_text(reply) + told};
  if (reply.status == 401 || reply.status == 403)
    throw Failure{CERTO_CONFIG, "the credentials are refused: " + status_text(reply) + told};
  if (reply.status == 429) throw Failure{CERTO_LATER, "rate limited: " + status_text(reply) + told};
  if (reply.status >= 500) throw Failure{CERTO_UNREACHABLE, status_text(reply) + told};
}

bool lies_in(std::string_view name, std::string_view zone) {
  if (!name.ends_with(zone)) return false;
  return name.size() == zone.size() || name[name.size() - zone.size() - 1] == '.';
}

std::vector<std::string> zone_candidates(const Host& host, const std::string& name) {
  if (std::optional<std::string> zone = host.setting("ZONE")) {
    while (zone->ends_with('.')) zone->pop_back();
    if (lies_in(name, *zone)) return {*zone};
    throw Failure{CERTO_CONFIG, name + " is not in the zone " + *zone + " that is set"};
  }
  std::vector<std::string> candidates;
  for (std::string rest = name; rest.find('.') != rest.npos; rest = rest.substr(rest.find('.') + 1)) {
    candidates.push_back(rest);
  }
  return candidates;
}

std::string told_zone(const Host& host, const std::string& name) {
  if (host.setting("ZONE")) return {};
  try {
    const std::string zone = host.zone(name);
    return lies_in(name, zone) && zone.find('.') != zone.npos ? zone : "";
  } catch (const Failure&) {
    return {};  // a name that only this account knows, or a network without DNS
  }
}

std::vector<std::string> merged(std::vector<std::string> values, const std::vector<std::string>& ours,
                                Change change) {
  for (const std::string& value : ours) {
    const auto found = std::ranges::find(values, value);
    if (change == Change::remove) {
      std::erase(values, value);
    } else if (found == values.end()) {
      values.push_back(value);
    }
  }
  return values;
}

std::map<std::string, std::vector<std::string>> by_name(Records records) {
  std::map<std::string, std::vector<std::string>> names;
  for (const Record& record : records) names[record.name].emplace_back(record.value);
  return names;
}

std::string quoted(std::string_view value) { return quoted_txt(value); }

void edit_rrsets(Records records, Change change, const ReadValues& read, const WriteValues& write) {
  for (const auto& [name, ours] : by_name(records)) {
    const std::vector<std::string> before = read(name);
    const std::vector<std::string> after = merged(before, ours, change);
    if (after != before) write(name, after);
  }
}

int guarded(const std::function<void(const Host&, Records)>& work, const certo_host* host,
            const certo_record* records, size_t count) noexcept {
  const auto explain = [host](const char* why) {
    if (*why) host->explain(host->self, why);
  };
  try {
    work(Host(*host), {records, count});
    return CERTO_OK;
  } catch (const Failure& failure) {
    explain(failure.why.c_str());
    return failure.status;
  } catch (const std::exception& error) {
    explain(error.what());
    return CERTO_FAILED;
  } catch (...) {
    return CERTO_FAILED;
  }
}

}  // namespace certo::sdk
