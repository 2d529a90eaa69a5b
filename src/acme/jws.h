// JSON Web Signatures as ACME uses them (RFC 8555 section 6.2, RFC 7515) and the
// derived values of an account key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/key.h"

namespace certo::acme {

/// "ES256", "ES384", "ES512" or "RS256" (RFC 7518 section 3.1).
const char* algorithm(crypto::KeyType type);
/// The type of key that signs with this algorithm (RFC 7518 section 3.1), the shortest of RSA's; nothing if
/// certo has none.
std::optional<crypto::KeyType> key_type_for(std::string_view algorithm);

/// The account key's public half as a JWK in the canonical order of RFC 7638, without spaces.
std::string jwk(const crypto::PublicKey& key);
/// base64url SHA-256 of the JWK (RFC 7638).
std::string thumbprint(const crypto::PublicKey& key);

/// The flattened JWS of `payload` ("" for POST-as-GET). `kid` is the account URL;
/// empty: the JWK is embedded (newAccount, revokeCert by certificate key).
std::string sign_jws(const crypto::Signer& key, const std::string& kid, const std::string& nonce,
                     const std::string& url, std::string_view payload);
/// The inner JWS of a key change (7.3.5): no nonce.
std::string sign_inner_jws(const crypto::Signer& key, const std::string& url, std::string_view payload);
/// "HS256", "HS384", "HS512".
bool is_mac_algorithm(std::string_view name);
/// externalAccountBinding (7.3.4) over the account's JWK; `algorithm` is one of these.
std::string sign_external_binding(const crypto::PublicKey& account_key, const std::string& algorithm,
                                  const std::string& kid, std::string_view hmac_key, const std::string& url);

/// token || "." || thumbprint (8.1).
std::string key_authorization(const std::string& token, const std::string& account_thumbprint);
/// The TXT value of dns-01 (8.4): base64url SHA-256 of the key authorization.
std::string dns01_value(const std::string& key_authorization);

}  // namespace certo::acme
