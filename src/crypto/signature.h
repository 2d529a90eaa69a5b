// Signatures of a text from outside: ECDSA on P-256 with SHA-256 (FIPS 186-5), as written by openssl's
// `dgst -sha256 -sign`.
#pragma once

#include <span>
#include <string_view>

#include "base/text.h"

namespace certo::crypto {

/// `spki`: SubjectPublicKeyInfo, DER; Error{bad_input} unless it is a key on P-256. `signature`:
/// Ecdsa-Sig-Value (RFC 3279 section 2.2.3), DER; a damaged one is treated as wrong.
bool is_signed(std::string_view text, std::span<const uint8_t> signature, std::span<const uint8_t> spki);

}  // namespace certo::crypto
