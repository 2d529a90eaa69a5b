#include "crypto/hash.h"

#include <mbedtls/md.h>
#include <mbedtls/sha256.h>

#include "base/text.h"
#include "crypto/mbed.h"

namespace certo::crypto {

Sha256 sha256(std::string_view text) { return sha256(as_bytes(text)); }

Sha256 sha256(std::span<const uint8_t> bytes) {
  Sha256 digest;
  mbed::require(mbedtls_sha256(bytes.data(), bytes.size(), digest.data(), 0), "hash");
  return digest;
}

Sha256 hmac_sha256(std::span<const uint8_t> key, std::string_view text) {
  const auto message = as_bytes(text);
  Sha256 code;
  mbed::require(mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), key.data(), key.size(),
                                message.data(), message.size(), code.data()),
                "compute an HMAC");
  return code;
}

}  // namespace certo::crypto
