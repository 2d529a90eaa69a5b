// Private keys as JSON Web Keys (RFC 7517, RFC 7518 section 6), the format of certbot's account keys.
#pragma once

#include <string>
#include <string_view>

#include "crypto/key.h"

namespace certo::crypto {

/// RSA with all of its numbers, or EC on P-256, P-384 or P-521. Throws Error{bad_input} naming `subject` and
/// the member that is missing or wrong, and for every key that PrivateKey::from_pem refuses.
PrivateKey private_key_of_jwk(std::string_view json, const std::string& subject);

}  // namespace certo::crypto
