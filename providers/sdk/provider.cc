#include "sdk/provider.hpp"

#include <algorithm>
#include <exception>

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
    return parse_json(body, subject, Exit::failed);
  } catch (const Error& error) {
    throw Failure{CERTO_UNREACHABLE, error.message};
  }
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
                          .body_length = request.body.size()};
  certo_reply answer{};
  answer.size = sizeof answer;
  const int status = raw_.http(raw_.self, &raw, &answer);
  // An empty reason leaves the one that the host gave.
  if (status != CERTO_OK) throw Failure{static_cast<certo_status>(status), ""};
  return {answer.status, std::string(answer.body, answer.body_length),
          request.method + " " + without_query(request.url)};
}

Reply Host::http(const Request& request) const {
  Reply reply = raw_http(request);
  throw_if_refused(reply, "");
  return reply;
}

Bytes Host::sha256(std::string_view data) const {
  Bytes digest(32);
  raw_.sha256(raw_.self, data.data(), data.size(), digest.data());
  return digest;
}

Bytes Host::hmac_sha256(std::span<const uint8_t> key, std::string_view data) const {
  Bytes digest(32);
  raw_.hmac_sha256(raw_.self, key.data(), key.size(), data.data(), data.size(), digest.data());
  return digest;
}

std::string Host::base64(std::string_view data) const {
  return raw_.base64(raw_.self, data.data(), data.size());
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

void throw_if_refused(const Reply& reply, const std::string& why) {
  const std::string told = why.empty() ? "" : ": " + why;
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
    throw Failure{CERTO_CONFIG, name + " does not lie in the zone " + *zone + " that is set"};
  }
  std::vector<std::string> candidates;
  for (std::string rest = name; rest.find('.') != rest.npos; rest = rest.substr(rest.find('.') + 1)) {
    candidates.push_back(rest);
  }
  return candidates;
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

int guarded(Work work, const certo_host* host, const certo_record* records, size_t count) noexcept {
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
