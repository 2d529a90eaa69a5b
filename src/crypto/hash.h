// SHA-256 and HMAC-SHA-256 (RFC 6234), and by name the HMACs that DNS services require.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/text.h"

namespace certo::crypto {

using Sha256 = std::array<uint8_t, 32>;

Sha256 sha256(std::string_view text);
Sha256 sha256(std::span<const uint8_t> bytes);
Sha256 hmac_sha256(std::span<const uint8_t> key, std::string_view text);  // external account binding

/// "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-256"; empty for another name. Not for certo's
/// own use: the first two are broken, but the protocols of some services require them.
Bytes digest(std::string_view algorithm, std::string_view text);
Bytes hmac(std::string_view algorithm, std::span<const uint8_t> key, std::string_view text);

}  // namespace certo::crypto
