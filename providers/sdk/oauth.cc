#include "sdk/oauth.h"

#include <algorithm>

namespace certo::sdk {
namespace {

/// {"error":"invalid_grant","error_description":"…"}: the description's first line; the others are not for
/// people.
std::string refusal(const Reply& reply) {
  try {
    const Json json = reply.json();
    std::string words;
    for (const char* key : {"error", "error_description"}) {
      const Json* said = json.find(key);
      if (!said || !said->is_string()) continue;
      const std::string line = said->string().substr(0, said->string().find_first_of("\r\n"));
      words += (words.empty() ? "" : ": ") + line;
    }
    return words;
  } catch (const Failure&) {
    return "";
  }
}

/// Characters that a header can contain (RFC 6749 appendix A.12).
bool is_token_text(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

std::string form(const Parameters& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    text += (text.empty() ? "" : "&") + std::string(name) + "=" + escaped(value);
  }
  return text;
}

std::string oauth_token(const Host& host, const std::string& url, const Parameters& parameters) {
  return token_in(host.raw_http({.method = "POST",
                                 .url = url,
                                 .headers = {"Content-Type: application/x-www-form-urlencoded"},
                                 .body = form(parameters),
                                 .reads = true}));
}

std::string token_in(const Reply& reply) {
  if (!reply.ok()) {
    const std::string words = refusal(reply);
    throw_if_refused(reply, words);
    throw Failure{CERTO_CONFIG, "the service gives no access token: " + reply.subject + " answered " +
                                    std::to_string(reply.status) + (words.empty() ? "" : ": " + words)};
  }
  const Json json = reply.json();
  const Json* token = json.find("access_token");
  if (!token || !token->is_string() || !is_token_text(token->string()))
    throw Failure{CERTO_UNREACHABLE, reply.subject + " answered without an access token"};
  return token->string();
}

}  // namespace certo::sdk
