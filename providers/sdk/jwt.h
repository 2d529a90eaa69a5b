// JSON Web Tokens (RFC 7519), signed by a service's key: assertions for OAuth 2.0 (RFC 7523).
#pragma once

#include "sdk/provider.hpp"

namespace certo::sdk {

/// A signed object in its compact form (RFC 7515 section 3.1): header and payload as they are given.
/// `private_key` is PEM; the header's "alg" must match it. Throws Failure{config} for an invalid key.
std::string compact_jws(const Host&, const std::string& private_key, std::string_view header,
                        std::string_view payload);

/// The claims, signed by an RSA key; `key_id` is the header's "kid", left out if empty.
std::string rs256_jwt(const Host&, const std::string& private_key, const std::string& key_id,
                      const Json& claims);

}  // namespace certo::sdk
