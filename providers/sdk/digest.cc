#include "sdk/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace certo::sdk {
namespace {

constexpr std::string_view header_name = "www-authenticate:";

struct Scheme {
  std::string name;                               // in lower case
  std::map<std::string, std::string> parameters;  // names in lower case, values without quotes
};

/// Reads a list of challenges (RFC 9110 section 11.6.1), and skips everything else.
class ChallengeReader {
 public:
  explicit ChallengeReader(std::string_view text) : rest_(text) {}

  std::vector<Scheme> read() {
    while (skip(" \t,"), !rest_.empty()) {
      const std::string word = lower(token());
      skip(" \t");
      if (!rest_.starts_with('=')) {
        if (word.empty()) rest_.remove_prefix(1);
        if (!word.empty()) schemes_.push_back({word, {}});
        continue;
      }
      rest_.remove_prefix(1);
      skip(" \t");
      std::string value = rest_.starts_with('"') ? quoted() : std::string(token());
      if (!schemes_.empty()) schemes_.back().parameters.emplace(word, std::move(value));
    }
    return std::move(schemes_);
  }

 private:
  void skip(std::string_view characters) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(characters), rest_.size()));
  }

  std::string_view token() {
    const std::string_view found = rest_.substr(0, rest_.find_first_of(" \t,=\""));
    rest_.remove_prefix(found.size());
    return found;
  }

  std::string quoted() {
    std::string text;
    size_t at = 1;
    for (; at < rest_.size() && rest_[at] != '"'; ++at) {
      if (rest_[at] == '\\' && at + 1 < rest_.size()) ++at;
      text += rest_[at];
    }
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return text;
  }

  std::string_view rest_;
  std::vector<Scheme> schemes_;
};

std::optional<std::string> parameter(const Scheme& scheme, const char* name) {
  const auto found = scheme.parameters.find(name);
  return found == scheme.parameters.end() ? std::nullopt : std::optional(found->second);
}

/// Nothing if it asks for more than certo can do.
std::optional<DigestChallenge> answerable(const Scheme& scheme) {
  const auto nonce = parameter(scheme, "nonce");
  if (scheme.name != "digest" || !nonce) return std::nullopt;
  DigestChallenge challenge{parameter(scheme, "realm").value_or(""), *nonce, parameter(scheme, "opaque"),
                            parameter(scheme, "algorithm")};
  const bool is_md5 = !challenge.algorithm || lower(*challenge.algorithm) == "md5";
  if (!is_md5 && !challenge.is_sha256()) return std::nullopt;
  const std::vector<std::string> ways = split(lower(parameter(scheme, "qop").value_or("")), ',');
  const bool has_auth = std::ranges::any_of(ways, [](const std::string& one) { return trim(one) == "auth"; });
  return has_auth ? std::optional(std::move(challenge)) : std::nullopt;
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// Path and query.
std::string target(const std::string& url) {
  const size_t host = url.find("://");
  const size_t end = host == url.npos ? 0 : url.find_first_of("/?", host + 3);
  if (end == url.npos) return "/";
  const std::string rest = url.substr(end, url.find('#') - end);
  return rest.starts_with('?') ? "/" + rest : rest;
}

}  // namespace

std::optional<DigestChallenge> digest_challenge(const Reply& reply) {
  std::optional<DigestChallenge> best;
  for (const std::string& header : reply.headers) {
    if (!header.starts_with(header_name)) continue;
    for (const Scheme& scheme : ChallengeReader(std::string_view(header).substr(header_name.size())).read()) {
      auto challenge = answerable(scheme);
      if (challenge && (!best || (challenge->is_sha256() && !best->is_sha256()))) best = std::move(challenge);
    }
  }
  return best;
}

std::string digest_authorization(const Host& host, const DigestChallenge& challenge, const std::string& user,
                                 const std::string& password, const std::string& method,
                                 const std::string& uri, const std::string& cnonce, uint32_t count) {
  const auto digest = [&](const std::string& text) {
    return hex(host.hash(challenge.is_sha256() ? "sha256" : "md5", text));
  };
  const std::string nc = fmt::format("{:08x}", count);
  const std::string secret = digest(user + ":" + challenge.realm + ":" + password);
  const std::string response = digest(secret + ":" + challenge.nonce + ":" + nc + ":" + cnonce +
                                      ":auth:" + digest(method + ":" + uri));
  std::string header = "Authorization: Digest username=" + in_quotes(user) +
                       ", realm=" + in_quotes(challenge.realm) + ", nonce=" + in_quotes(challenge.nonce) +
                       ", uri=" + in_quotes(uri);
  if (challenge.algorithm) header += ", algorithm=" + *challenge.algorithm;
  header += ", qop=auth, nc=" + nc + ", cnonce=" + in_quotes(cnonce);
  if (challenge.opaque) header += ", opaque=" + in_quotes(*challenge.opaque);
  return header + ", response=" + in_quotes(response);
}

Reply DigestLogin::send(Request request) {
  if (challenge_) {
    request.headers.push_back(digest_authorization(host_, *challenge_, user_, password_, request.method,
                                                   target(request.url), host_.uuid(), ++count_));
  }
  return host_.raw_http(request);
}

Reply DigestLogin::raw_http(const Request& request) {
  Reply reply = send(request);
  if (reply.status != 401) return reply;
  auto challenge = digest_challenge(reply);
  if (!challenge) return reply;
  challenge_ = std::move(challenge);
  count_ = 0;
  return send(request);
}

Reply DigestLogin::http(const Request& request) {
  Reply reply = raw_http(request);
  throw_if_refused(reply, "");
  return reply;
}

}  // namespace certo::sdk
