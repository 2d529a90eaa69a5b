// SHA-256 and HMAC-SHA-256 (RFC 6234).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace certo::crypto {

using Sha256 = std::array<uint8_t, 32>;

Sha256 sha256(std::string_view text);
Sha256 sha256(std::span<const uint8_t> bytes);
Sha256 hmac_sha256(std::span<const uint8_t> key, std::string_view text);  // external account binding

}  // namespace certo::crypto
