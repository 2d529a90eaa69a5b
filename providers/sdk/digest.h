// Digest access authentication (RFC 7616) of a client: SHA-256 and MD5, with qop=auth.
#pragma once

#include <optional>
#include <string>

#include "sdk/provider.hpp"

namespace certo::sdk {

/// What a service asks for.
struct DigestChallenge {
  std::string realm, nonce;
  std::optional<std::string> opaque, algorithm;  // as the service writes them
  bool is_sha256() const { return algorithm && lower(*algorithm) == "sha-256"; }
};

/// The best challenge of a reply with status 401: SHA-256 before MD5. Nothing if there is none that can be
/// answered.
std::optional<DigestChallenge> digest_challenge(const Reply& reply);

/// "Authorization: Digest …". `uri`: path and query of the request. `cnonce`: random, without quotes.
/// `count`: 1 for the first request with this nonce, 2 for the second.
std::string digest_authorization(const Host& host, const DigestChallenge& challenge, const std::string& user,
                                 const std::string& password, const std::string& method,
                                 const std::string& uri, const std::string& cnonce, uint32_t count);

/// Sends requests, and the answer to a challenge. The next requests use its nonce as long as the service
/// takes it.
class DigestLogin {
 public:
  DigestLogin(const Host& host, std::string user, std::string password)
      : host_(host), user_(std::move(user)), password_(std::move(password)) {}

  /// As those of Host.
  Reply http(const Request& request);
  Reply raw_http(const Request& request);

 private:
  Reply send(Request request);

  const Host& host_;
  std::string user_, password_;
  std::optional<DigestChallenge> challenge_;
  uint32_t count_ = 0;  // of the requests with its nonce
};

}  // namespace certo::sdk
