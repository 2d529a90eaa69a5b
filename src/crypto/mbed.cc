#include "crypto/mbed.h"

#include <mbedtls/ecp.h>
#include <mbedtls/error.h>
#include <mbedtls/oid.h>
#include <mbedtls/rsa.h>

#include <algorithm>
#include <array>

#include "base/error.h"

namespace certo::crypto::mbed {

namespace {

Bytes big_endian(const mbedtls_mpi& number) {
  Bytes bytes(mbedtls_mpi_size(&number));
  require(mbedtls_mpi_write_binary(&number, bytes.data(), bytes.size()), "write a number");
  return bytes;
}

void set_point(PublicKey& into, const mbedtls_ecp_keypair& key) {
  std::array<uint8_t, MBEDTLS_ECP_MAX_PT_LEN> point;
  size_t length = 0;
  require(
      mbedtls_ecp_write_public_key(&key, MBEDTLS_ECP_PF_UNCOMPRESSED, &length, point.data(), point.size()),
      "write a public key");
  const auto x = point.begin() + 1;  // after the octet that means "uncompressed"
  const auto y = x + static_cast<ptrdiff_t>((length - 1) / 2);
  into.x.assign(x, y);
  into.y.assign(y, point.begin() + static_cast<ptrdiff_t>(length));
}

void set_modulus(PublicKey& into, const mbedtls_rsa_context& key) {
  Mpi modulus, exponent;
  require(mbedtls_rsa_export(&key, modulus.get(), nullptr, nullptr, nullptr, exponent.get()),
          "write a public key");
  into.n = big_endian(*modulus);
  into.e = big_endian(*exponent);
}

// Critical extensions that mbedTLS does not parse and that do not matter here: certo is not the relying
// party. All others are refused, above all the poison of a precertificate (RFC 6962 section 3.1).
const std::string_view harmless_extensions[] = {
    MBEDTLS_OID_PKIX "\x01\x1f",       // acmeIdentifier, RFC 8737
    MBEDTLS_OID_PKIX "\x01\x18",       // TLS feature, RFC 7633
    MBEDTLS_OID_CERTIFICATE_POLICIES,  // with qualifiers that mbedTLS does not know
    MBEDTLS_OID_NAME_CONSTRAINTS,        MBEDTLS_OID_POLICY_CONSTRAINTS, MBEDTLS_OID_POLICY_MAPPINGS,
    MBEDTLS_OID_INIHIBIT_ANYPOLICY,  // sic
    MBEDTLS_OID_CRL_DISTRIBUTION_POINTS,
};

int allow_extension(void*, const mbedtls_x509_crt*, const mbedtls_x509_buf* oid, int /*critical*/,
                    const unsigned char*, const unsigned char*) {
  const bool harmless = std::ranges::count(harmless_extensions, as_text({oid->p, oid->len})) > 0;
  return harmless ? 0 : MBEDTLS_ERR_X509_INVALID_EXTENSIONS;
}

/// The hash in an AlgorithmIdentifier.
std::optional<mbedtls_md_type_t> hash_in(der::Reader algorithm) {
  const der::View oid = algorithm.inside(der::sequence_tag).content(der::oid_tag);
  const mbedtls_asn1_buf buffer{MBEDTLS_ASN1_OID, oid.size(), const_cast<unsigned char*>(oid.data())};
  mbedtls_md_type_t hash = MBEDTLS_MD_NONE;
  return mbedtls_oid_get_md_alg(&buffer, &hash) == 0 ? std::optional(hash) : std::nullopt;
}

/// The parameters of RSASSA-PSS (RFC 4055 section 3.1), and the hash of the message. False: hashes that
/// mbedTLS lacks.
bool read_pss(der::View algorithm, mbedtls_md_type_t& hash, mbedtls_pk_rsassa_pss_options& pss) {
  std::optional<mbedtls_md_type_t> of_message = MBEDTLS_MD_SHA1, of_mask = MBEDTLS_MD_SHA1;
  pss.expected_salt_len = MBEDTLS_RSA_SALT_LEN_ANY;
  der::Reader fields(algorithm);
  fields.content(der::oid_tag);
  if (!fields.at_end()) {
    der::Reader parameters = fields.inside(der::sequence_tag);
    if (parameters.next_is(der::context(0, true)))
      of_message = hash_in(parameters.inside(der::context(0, true)));
    if (parameters.next_is(der::context(1, true))) {
      der::Reader mask = parameters.inside(der::context(1, true)).inside(der::sequence_tag);
      mask.content(der::oid_tag);  // MGF1 is the only one
      of_mask = hash_in(mask);
    }
  }
  if (!of_message || !of_mask) return false;
  hash = *of_message;
  pss.mgf1_hash_id = *of_mask;
  return true;
}

}  // namespace

std::string reason(int code) {
  char text[200];
  mbedtls_strerror(code, text, sizeof text);
  return text;
}

void require(int code, const char* what) {
  if (code != 0) throw Error(Exit::bug, std::string("cannot ") + what + ": " + reason(code));
}

Bytes digest(mbedtls_md_type_t hash, der::View message) {
  const mbedtls_md_info_t* info = mbedtls_md_info_from_type(hash);
  Bytes result(mbedtls_md_get_size(info));
  require(mbedtls_md(info, message.data(), message.size(), result.data()), "hash");
  return result;
}

std::optional<KeyType> key_type(const mbedtls_pk_context& key) {
  const size_t bits = mbedtls_pk_get_bitlen(&key);
  if (mbedtls_pk_can_do(&key, MBEDTLS_PK_RSA)) {
    if (bits == 2048) return KeyType::rsa2048;
    if (bits == 3072) return KeyType::rsa3072;
    if (bits == 4096) return KeyType::rsa4096;
    return {};
  }
  if (!mbedtls_pk_can_do(&key, MBEDTLS_PK_ECKEY)) return {};
  const mbedtls_ecp_group_id curve = mbedtls_ecp_keypair_get_group_id(mbedtls_pk_ec(key));
  if (curve == MBEDTLS_ECP_DP_SECP256R1) return KeyType::ec256;
  if (curve == MBEDTLS_ECP_DP_SECP384R1) return KeyType::ec384;
  if (curve == MBEDTLS_ECP_DP_SECP521R1) return KeyType::ec521;
  return {};
}

std::string description(const mbedtls_pk_context& key) {
  if (const auto type = key_type(key)) return std::string(name(*type));
  if (mbedtls_pk_can_do(&key, MBEDTLS_PK_RSA)) return "rsa-" + std::to_string(mbedtls_pk_get_bitlen(&key));
  if (!mbedtls_pk_can_do(&key, MBEDTLS_PK_ECKEY)) return mbedtls_pk_get_name(&key);
  const auto* curve =
      mbedtls_ecp_curve_info_from_grp_id(mbedtls_ecp_keypair_get_group_id(mbedtls_pk_ec(key)));
  return curve != nullptr ? curve->name : "unknown curve";
}

Bytes spki(const mbedtls_pk_context& key) {
  Bytes buffer(MBEDTLS_MPI_MAX_SIZE * 2 + 64);
  const int length = mbedtls_pk_write_pubkey_der(&key, buffer.data(), buffer.size());
  require(std::min(length, 0), "write a public key");
  return Bytes(buffer.end() - length, buffer.end());  // mbedTLS writes at the end
}

PublicKey public_key(const mbedtls_pk_context& key) {
  const auto type = key_type(key);
  if (!type) throw Error(Exit::bug, "a key of type " + description(key));
  PublicKey result;
  result.type = *type;
  result.spki = spki(key);
  if (mbedtls_pk_can_do(&key, MBEDTLS_PK_RSA)) {
    set_modulus(result, *mbedtls_pk_rsa(key));
  } else {
    set_point(result, *mbedtls_pk_ec(key));
  }
  return result;
}

void parse(mbedtls_pk_context& key, der::View spki) {
  parse_any(key, spki);
  if (!key_type(key)) throw Error(Exit::bad_input, "its key is of type " + description(key));
}

void parse_any(mbedtls_pk_context& key, der::View spki) {
  unsigned char* position = const_cast<unsigned char*>(spki.data());  // mbedTLS only reads
  if (mbedtls_pk_parse_subpubkey(&position, position + spki.size(), &key) != 0) {
    const std::string name =
        name_or_oid(der::Reader(der::Reader(spki).content(der::sequence_tag)).content(der::sequence_tag));
    throw Error(Exit::bad_input, "its public key is of type " + name + ", which certo cannot read",
                "this is a limit of certo: use a key of ECDSA or RSA");
  }
}

int parse(mbedtls_x509_crt& certificate, der::View der) {
  const int code = mbedtls_x509_crt_parse_der_with_ext_cb(&certificate, der.data(), der.size(), 0,
                                                          allow_extension, nullptr);
  if (code != 0) return code;
  return certificate.raw.len == der.size() ? 0 : MBEDTLS_ERR_X509_INVALID_FORMAT;
}

bool verifies(mbedtls_pk_context& key, mbedtls_pk_type_t algorithm, const void* options,
              mbedtls_md_type_t hash, der::View message, der::View signature) {
  if (mbedtls_md_get_size(mbedtls_md_info_from_type(hash)) < 32) return false;
  const Bytes hashed = digest(hash, message);
  return mbedtls_pk_verify_ext(algorithm, options, &key, hash, hashed.data(), hashed.size(), signature.data(),
                               signature.size()) == 0;
}

std::optional<bool> is_signed(mbedtls_pk_context& key, der::View message, der::View algorithm,
                              der::View bits) {
  const der::View oid = der::Reader(algorithm).content(der::oid_tag);
  const mbedtls_asn1_buf buffer{MBEDTLS_ASN1_OID, oid.size(), const_cast<unsigned char*>(oid.data())};
  mbedtls_md_type_t hash = MBEDTLS_MD_NONE;
  mbedtls_pk_type_t type = MBEDTLS_PK_NONE;
  if (mbedtls_oid_get_sig_alg(&buffer, &hash, &type) != 0) return std::nullopt;
  mbedtls_pk_rsassa_pss_options pss{};
  const void* const options = type == MBEDTLS_PK_RSASSA_PSS ? &pss : nullptr;
  if (options && !read_pss(algorithm, hash, pss)) return std::nullopt;
  return !bits.empty() && bits[0] == 0 && verifies(key, type, options, hash, message, bits.subspan(1));
}

}  // namespace certo::crypto::mbed
