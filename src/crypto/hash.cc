#include "crypto/hash.h"

#include <mbedtls/md.h>
#include <mbedtls/sha256.h>

#include "base/text.h"
#include "crypto/mbed.h"

namespace certo::crypto {
namespace {

const mbedtls_md_info_t* find(std::string_view algorithm) {
  struct Row {
    std::string_view name;
    mbedtls_md_type_t type;
  };
  static constexpr Row rows[] = {{"md5", MBEDTLS_MD_MD5},          {"sha1", MBEDTLS_MD_SHA1},
                                 {"sha224", MBEDTLS_MD_SHA224},    {"sha256", MBEDTLS_MD_SHA256},
                                 {"sha384", MBEDTLS_MD_SHA384},    {"sha512", MBEDTLS_MD_SHA512},
                                 {"sha3-256", MBEDTLS_MD_SHA3_256}};
  for (const auto& [name, type] : rows) {
    if (name == algorithm) return mbedtls_md_info_from_type(type);
  }
  return nullptr;
}

}  // namespace

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

Bytes digest(std::string_view algorithm, std::string_view text) {
  const mbedtls_md_info_t* const info = find(algorithm);
  if (!info) return {};
  const auto message = as_bytes(text);
  Bytes digest(mbedtls_md_get_size(info));
  mbed::require(mbedtls_md(info, message.data(), message.size(), digest.data()), "hash");
  return digest;
}

Bytes hmac(std::string_view algorithm, std::span<const uint8_t> key, std::string_view text) {
  const mbedtls_md_info_t* const info = find(algorithm);
  if (!info) return {};
  const auto message = as_bytes(text);
  Bytes code(mbedtls_md_get_size(info));
  mbed::require(mbedtls_md_hmac(info, key.data(), key.size(), message.data(), message.size(), code.data()),
                "compute an HMAC");
  return code;
}

}  // namespace certo::crypto
