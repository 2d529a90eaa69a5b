#include "crypto/pkcs12.h"

#include <mbedtls/aes.h>
#include <mbedtls/oid.h>
#include <mbedtls/pkcs12.h>
#include <mbedtls/pkcs5.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/mbed.h"
#include "crypto/pem.h"
#include "crypto/random.h"

namespace certo::crypto {
namespace {

constexpr unsigned mac_rounds = 10'000;
constexpr size_t salt_size = 16, block = 16, key_size = 32;

using Aes = mbed::Owned<mbedtls_aes_context, mbedtls_aes_init, mbedtls_aes_free>;

Bytes random(size_t size) {
  Bytes bytes(size);
  mbed::require(random_bytes(nullptr, bytes.data(), size), "get random numbers");
  return bytes;
}

Bytes rounds() {
  const uint8_t content[] = {mac_rounds >> 8, mac_rounds & 0xff};
  return der::element(der::integer_tag, {content});
}

// ---- PBES2 (RFC 8018): salt and rounds make the key, the key encrypts ----

struct Encrypted {
  Bytes algorithm, content;
};

Bytes encrypt_cbc(der::View key, Bytes vector, der::View plain) {
  const size_t padding = block - plain.size() % block;
  mbed::Secret padded(Bytes(plain.begin(), plain.end()));
  padded.insert(padded.end(), padding, static_cast<uint8_t>(padding));
  Bytes result(padded.size());
  Aes aes;
  mbed::require(mbedtls_aes_setkey_enc(aes.get(), key.data(), 8 * key_size), "encrypt");
  mbed::require(mbedtls_aes_crypt_cbc(aes.get(), MBEDTLS_AES_ENCRYPT, padded.size(), vector.data(),
                                      padded.data(), result.data()),
                "encrypt");
  return result;
}

Encrypted encrypt(der::View plain, std::string_view password) {
  const Bytes salt = random(salt_size), vector = random(block);
  mbed::Secret key(Bytes(key_size, 0));
  const der::View secret = as_bytes(password);
  mbed::require(mbedtls_pkcs5_pbkdf2_hmac_ext(MBEDTLS_MD_SHA256, secret.data(), secret.size(), salt.data(),
                                              salt.size(), mac_rounds, key_size, key.data()),
                "derive a key");
  const Bytes hmac = der::sequence({der::oid(MBEDTLS_OID_HMAC_SHA256), der::null()});
  const Bytes parameters = der::sequence({der::octet_string(salt), rounds(), hmac});
  const Bytes derivation = der::sequence({der::oid(MBEDTLS_OID_PKCS5_PBKDF2), parameters});
  const Bytes cipher = der::sequence({der::oid(MBEDTLS_OID_AES_256_CBC), der::octet_string(vector)});
  const Bytes scheme = der::sequence({derivation, cipher});
  return {der::sequence({der::oid(MBEDTLS_OID_PKCS5_PBES2), scheme}), encrypt_cbc(key, vector, plain)};
}

// ---- bags (RFC 7292 section 4.2) ----

#define CERTO_PKCS7 "\x2a\x86\x48\x86\xf7\x0d\x01\x07"
#define CERTO_PKCS9 "\x2a\x86\x48\x86\xf7\x0d\x01\x09"
#define CERTO_BAG "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01"

Bytes attribute(const Bytes& oid, const Bytes& value) { return der::sequence({oid, der::set({value})}); }

/// BMPString: UTF-16, big-endian.
Bytes wide(std::string_view ascii) {
  Bytes bytes;
  for (char c : ascii) {
    bytes.push_back(0);
    bytes.push_back(static_cast<uint8_t>(c));
  }
  return bytes;
}

/// The attributes that connect a key with its certificate, and the name for people.
Bytes attributes(const Certificate& leaf, std::string_view name) {
  constexpr uint8_t bmp_string = 0x1e;
  const Sha256 id = sha256(std::span<const uint8_t>(leaf.der));
  const Bytes key_id = attribute(der::oid(CERTO_PKCS9 "\x15"), der::octet_string(der::View(id).first(20)));
  const Bytes friendly =
      attribute(der::oid(CERTO_PKCS9 "\x14"), der::element(bmp_string, {wide(printable(name))}));
  // A SET OF is in ascending order (X.690 section 11.6).
  return friendly < key_id ? der::set({friendly, key_id}) : der::set({key_id, friendly});
}

Bytes key_bag(const PrivateKey& key, const Bytes& attributes, std::string_view password) {
  const PemText text = read_pem(key.pkcs8_pem());
  const mbed::Secret info(Bytes(text.blocks.front().der));
  const Encrypted sealed = encrypt(info, password);
  const Bytes shrouded = der::sequence({sealed.algorithm, der::octet_string(sealed.content)});
  return der::sequence(
      {der::oid(CERTO_BAG "\x02"), der::element(der::context(0, true), {shrouded}), attributes});
}

Bytes certificate_bag(const Certificate& certificate, const Bytes& attributes) {
  const Bytes x509 = der::oid(CERTO_PKCS9 "\x16\x01");
  const Bytes value =
      der::sequence({x509, der::element(der::context(0, true), {der::octet_string(certificate.der)})});
  return der::sequence(
      {der::oid(CERTO_BAG "\x03"), der::element(der::context(0, true), {value}), attributes});
}

// ---- the whole ----

Bytes plain_content(const Bytes& content) {
  return der::sequence(
      {der::oid(CERTO_PKCS7 "\x01"), der::element(der::context(0, true), {der::octet_string(content)})});
}

Bytes encrypted_content(const Bytes& content, std::string_view password) {
  const Encrypted sealed = encrypt(content, password);
  const Bytes info = der::sequence({der::oid(CERTO_PKCS7 "\x01"), sealed.algorithm,
                                    der::element(der::context(0, false), {sealed.content})});
  const Bytes data = der::sequence({der::small_integer(0), info});
  return der::sequence({der::oid(CERTO_PKCS7 "\x06"), der::element(der::context(0, true), {data})});
}

Bytes mac_data(const Bytes& safe, std::string_view password) {
  constexpr int mac_key = 3;  // the ID byte of RFC 7292 appendix B.3
  const Bytes salt = random(salt_size);
  mbed::Secret secret(wide(password));
  secret.insert(secret.end(), {0, 0});
  mbed::Secret key(Bytes(key_size, 0));
  mbed::require(
      mbedtls_pkcs12_derivation(key.data(), key.size(), secret.data(), secret.size(), salt.data(),
                                salt.size(), MBEDTLS_MD_SHA256, mac_key, static_cast<int>(mac_rounds)),
      "derive a key");
  const Sha256 code = hmac_sha256(key, as_text(safe));
  const Bytes algorithm = der::sequence({der::oid(MBEDTLS_OID_DIGEST_ALG_SHA256), der::null()});
  return der::sequence(
      {der::sequence({algorithm, der::octet_string(code)}), der::octet_string(salt), rounds()});
}

void require_ascii(std::string_view password) {
  const bool fits = std::ranges::all_of(password, [](char c) { return c >= ' ' && c <= '~'; });
  if (!fits)
    throw Error(Exit::bad_input, "the password for PKCS#12 holds a character that is not printable ASCII",
                "programs differ in how they read such a password: choose another");
}

}  // namespace

Bytes pkcs12(const PrivateKey& key, std::span<const Certificate> chain, std::string_view name,
             std::string_view password) {
  require_ascii(password);
  if (chain.empty() || chain.front().spki != key.public_key().spki)
    throw Error(Exit::bug, "PKCS#12 for a key and the certificate of another");
  const Bytes marks = attributes(chain.front(), name);
  Bytes certificates = certificate_bag(chain.front(), marks);
  for (const Certificate& issuer : chain.subspan(1))
    certificates = der::concat({certificates, certificate_bag(issuer, {})});

  const Bytes keys = key_bag(key, marks, password);
  const Bytes safe = der::sequence(
      {encrypted_content(der::sequence({certificates}), password), plain_content(der::sequence({keys}))});
  return der::sequence({der::small_integer(3), plain_content(safe), mac_data(safe, password)});
}

}  // namespace certo::crypto
