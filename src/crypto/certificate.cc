#include "crypto/certificate.h"

#include <mbedtls/oid.h>
#include <netinet/in.h>

#include <algorithm>

#include "base/error.h"
#include "crypto/mbed.h"
#include "crypto/pem.h"

namespace certo::crypto {

namespace {

constexpr std::string_view pem_label = "CERTIFICATE";
constexpr size_t most_bytes = size_t{256} * 1024;

Bytes copy(const mbedtls_x509_buf& buffer) { return Bytes(buffer.p, buffer.p + buffer.len); }

std::string printable_name(const mbedtls_x509_name& name) {
  std::string text(1024, '\0');
  int length = 0;
  do {
    text.resize(text.size() * 2);
    length = mbedtls_x509_dn_gets(text.data(), text.size(), &name);
  } while (length == MBEDTLS_ERR_X509_BUFFER_TOO_SMALL && text.size() < most_bytes);
  text.resize(static_cast<size_t>(std::max(length, 0)));
  return text;
}

std::string common_name(const mbedtls_x509_name& name) {
  for (const mbedtls_x509_name* part = &name; part != nullptr; part = part->next) {
    if (as_text({part->oid.p, part->oid.len}) == MBEDTLS_OID_AT_CN) {
      return std::string(as_text({part->val.p, part->val.len}));
    }
  }
  return {};
}

// Names as they are written: a private CA may well have issued one that our own grammar refuses.
std::vector<Identifier> names(const mbedtls_x509_sequence& subject_alt_names) {
  std::vector<Identifier> result;
  for (const mbedtls_x509_sequence* one = &subject_alt_names; one != nullptr; one = one->next) {
    const std::span<const uint8_t> content(one->buf.p, one->buf.len);
    const int kind = one->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK;
    if (one->buf.tag == 0) continue;  // the list's head, when it is empty
    if (kind == MBEDTLS_X509_SAN_DNS_NAME) result.push_back({"dns", lower(as_text(content))});
    const bool is_address = content.size() == sizeof(in_addr) || content.size() == sizeof(in6_addr);
    if (kind == MBEDTLS_X509_SAN_IP_ADDRESS && is_address) result.push_back(ip_identifier(content));
  }
  return result;
}

Time time(const mbedtls_x509_time& time) {
  using namespace std::chrono;
  return sys_days{year{time.year} / time.mon / time.day} + hours{time.hour} + minutes{time.min} +
         seconds{time.sec};
}

bool is_rsa(const mbedtls_x509_crt& certificate) {
  return mbedtls_pk_can_do(&certificate.pk, MBEDTLS_PK_RSA) == 1;
}

bool is_for_servers(const mbedtls_x509_crt& certificate) {
  // mbedTLS assumes that a certificate without the extension may be used for everything.
  constexpr std::string_view server = MBEDTLS_OID_SERVER_AUTH;
  return mbedtls_x509_crt_has_ext_type(&certificate, MBEDTLS_X509_EXT_EXTENDED_KEY_USAGE) != 0 &&
         mbedtls_x509_crt_check_extended_key_usage(&certificate, server.data(), server.size()) == 0;
}

/// TLS feature (RFC 7633), which mbedTLS does not parse. A malformed one counts for nothing.
bool has_must_staple(const mbedtls_x509_buf& extensions) try {
  constexpr std::string_view tls_feature = MBEDTLS_OID_PKIX "\x01\x18";
  const Bytes status_request = der::small_integer(5);
  if (extensions.len == 0) return false;
  der::Reader list = der::Reader({extensions.p, extensions.len}).inside(der::sequence_tag);
  while (!list.at_end()) {
    der::Reader extension = list.inside(der::sequence_tag);
    const bool is_it = as_text(extension.content(der::oid_tag)) == tls_feature;
    if (extension.next_is(der::boolean)) extension.any();
    if (!is_it) continue;
    der::Reader features = extension.inside(der::octet_string_tag).inside(der::sequence_tag);
    while (!features.at_end())
      if (std::ranges::equal(features.whole(), status_request)) return true;
  }
  return false;
} catch (const Error&) {
  return false;
}

/// What in a certificate is right and yet more than mbedTLS can read; "" if the fault is the certificate's.
/// `code`: why mbedTLS could not parse it.
std::string limit_in(der::View bytes, int code) try {
  constexpr int high_level = 0xff80;  // the part of mbedTLS's codes that says which module is meant
  const auto is = [&](int kind) { return (-code & high_level) == -kind; };
  der::Reader file(bytes);
  der::Reader certificate = file.inside(der::sequence_tag);
  der::Reader fields = certificate.inside(der::sequence_tag);
  if (fields.next_is(der::context(0, true))) fields.any();  // the version
  fields.content(der::integer_tag);
  const der::View signature = fields.content(der::sequence_tag);
  const std::string signed_by = mbed::unsupported_name(signature);
  if (signed_by == merkle_tree) return "the proof of a Merkle tree certificate";
  // mbedTLS knows RSASSA-PSS itself, with some hashes.
  if (!signed_by.empty() && signed_by != pss) return "a signature of type " + signed_by;
  if (is(MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG)) return "a signature of type " + mbed::name_or_oid(signature);
  if (fields.content(der::sequence_tag).empty()) return "an issuer without a name";
  fields.content(der::sequence_tag);  // validity
  fields.content(der::sequence_tag);  // the subject
  const der::View key = fields.inside(der::sequence_tag).content(der::sequence_tag);
  const std::string type = mbed::unsupported_name(key);
  const bool is_unknown = is(MBEDTLS_ERR_PK_UNKNOWN_PK_ALG) || is(MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE);
  if (type.empty() && !is_unknown) return {};
  return "a key of type " + mbed::name_or_oid(key);
} catch (const Error&) {
  return {};
}

constexpr const char* limit_hint =
    "this is a limit of certo: use a chain with keys and signatures of ECDSA or RSA, and with names";

/// `code`: why mbedTLS could not parse it.
[[noreturn]] void refuse_unreadable(der::View bytes, const std::string& subject, int code, Exit on_error) {
  const std::string limit = limit_in(bytes, code);
  if (limit.empty())
    throw Error(on_error, subject + " holds a certificate that cannot be read: " + mbed::reason(code));
  throw Error(Exit::bad_input, subject + " holds a certificate with " + limit + ", which certo cannot read",
              limit_hint);
}

}  // namespace

std::string Certificate::serial_hex() const {
  const bool has_sign_byte = serial.size() > 1 && serial.front() == 0;
  return hex(std::span(serial).subspan(has_sign_byte ? 1 : 0));
}

Certificate parse_certificate(std::span<const uint8_t> der, const std::string& subject, Exit on_error) {
  mbed::Crt parsed;
  if (const int code = mbed::parse(*parsed.get(), der); code != 0)
    refuse_unreadable(der, subject, code, on_error);
  // mbedTLS does not calculate with longer numbers.
  const size_t bits = mbedtls_pk_get_bitlen(&parsed->pk);
  if (is_rsa(*parsed) && bits > MBEDTLS_MPI_MAX_BITS)
    throw Error(Exit::bad_input,
                subject + " holds a certificate with a key of " + std::to_string(bits) + " bits",
                "this is a limit of certo, which reads RSA keys of up to " +
                    std::to_string(MBEDTLS_MPI_MAX_BITS) + " bits");
  Certificate result;
  result.der.assign(der.begin(), der.end());
  result.identifiers = names(parsed->subject_alt_names);
  result.spki = mbed::spki(parsed->pk);
  result.key_description = mbed::description(parsed->pk);
  result.subject = printable_name(parsed->subject);
  result.issuer = printable_name(parsed->issuer);
  result.issuer_cn = common_name(parsed->issuer);
  result.serial = copy(parsed->serial);
  result.authority_key_id = copy(parsed->authority_key_id.keyIdentifier);
  result.subject_key_id = copy(parsed->subject_key_id);
  result.not_before = time(parsed->valid_from);
  result.not_after = time(parsed->valid_to);
  result.is_ca = mbedtls_x509_crt_get_ca_istrue(parsed.get()) == 1;
  result.is_for_servers = is_for_servers(*parsed);
  result.must_staple = has_must_staple(parsed->v3_ext);
  result.has_weak_key = mbedtls_pk_get_bitlen(&parsed->pk) < (is_rsa(*parsed) ? 2048 : 256);
  return result;
}

std::vector<Certificate> parse_chain(std::string_view pem, const std::string& subject, Exit on_error,
                                     size_t most) {
  if (pem.size() > most_bytes) throw Error(on_error, subject + " is longer than 256 KiB");
  const PemText text = read_pem(pem);
  for (const PemBlock& block : text.blocks) {
    // draft-ietf-tls-trust-anchor-ids: in chains for Merkle tree certificates.
    if (block.label == "CERTIFICATE PROPERTIES")
      throw Error(Exit::bad_input,
                  subject + " is of a form that certo cannot read: it has CERTIFICATE PROPERTIES",
                  limit_hint);
    if (block.label != pem_label)
      throw Error(on_error, subject + " contains a block that is not a certificate: " + block.label);
  }
  if (text.damaged) throw Error(on_error, subject + " is damaged PEM");
  if (text.blocks.empty()) throw Error(on_error, subject + " holds no certificate");
  if (text.stray) throw Error(on_error, subject + " holds text outside of its certificates");
  if (text.blocks.size() > most) {
    throw Error(on_error, subject + " holds more than " + std::to_string(most) + " certificates");
  }

  std::vector<Certificate> chain;
  for (const PemBlock& block : text.blocks) chain.push_back(parse_certificate(block.der, subject, on_error));
  return chain;
}

std::string pem(const Certificate& certificate) { return write_pem(pem_label, certificate.der); }

std::string pem(std::span<const Certificate> certificates) {
  std::string text;
  for (const Certificate& one : certificates) text += pem(one);
  return text;
}

}  // namespace certo::crypto
