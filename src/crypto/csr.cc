#include "crypto/csr.h"

#include <mbedtls/oid.h>

#include <optional>
#include <set>

#include "base/error.h"
#include "crypto/mbed.h"
#include "crypto/pem.h"

namespace certo::crypto {

namespace {

constexpr std::string_view pem_label = "CERTIFICATE REQUEST";
constexpr std::string_view old_label = "NEW CERTIFICATE REQUEST";

// Tags in a GeneralName (RFC 5280 section 4.2.1.6).
constexpr uint8_t dns_name = der::context(2, false);
constexpr uint8_t ip_address = der::context(7, false);
constexpr char tls_feature[] = MBEDTLS_OID_PKIX "\x01\x18";
// Tag in a CertificationRequestInfo (RFC 2986 section 4.1).
constexpr uint8_t attributes_tag = der::context(0, true);

// ---- writing ----

Bytes algorithm(KeyType type) {
  switch (type) {
    case KeyType::ec256: return der::sequence({der::oid(MBEDTLS_OID_ECDSA_SHA256)});
    case KeyType::ec384: return der::sequence({der::oid(MBEDTLS_OID_ECDSA_SHA384)});
    case KeyType::ec521: return der::sequence({der::oid(MBEDTLS_OID_ECDSA_SHA512)});
    case KeyType::rsa2048:
    case KeyType::rsa3072:
    case KeyType::rsa4096: break;
  }
  return der::sequence({der::oid(MBEDTLS_OID_PKCS1_SHA256), der::null()});
}

/// Ecdsa-Sig-Value instead of the signer's r || s; RSA's is the same everywhere.
Bytes x509_signature(const PublicKey& key, const Bytes& signature) {
  if (key.x.empty()) return signature;
  Bytes result(MBEDTLS_PK_SIGNATURE_MAX_SIZE);
  size_t length = 0;
  mbed::require(mbedtls_ecdsa_raw_to_der(key.x.size() * 8, signature.data(), signature.size(), result.data(),
                                         result.size(), &length),
                "write a signature");
  result.resize(length);
  return result;
}

Bytes subject_alt_name(const std::vector<Identifier>& identifiers) {
  std::vector<Bytes> names;
  for (const Identifier& one : identifiers) {
    names.push_back(one.type == "ip" ? der::element(ip_address, {ip_bytes(one)})
                                     : der::element(dns_name, {as_bytes(one.value)}));
  }
  return der::sequence({der::concat(names)});
}

/// TLS feature: status_request (RFC 7633; RFC 6066 has its number).
Bytes must_staple_extension() {
  constexpr uint8_t status_request = 5;
  return der::sequence(
      {der::oid(tls_feature), der::octet_string(der::sequence({der::small_integer(status_request)}))});
}

// ---- reading ----

bool is(der::View oid, std::string_view known) { return as_text(oid) == known; }

void check_signature(mbedtls_pk_context& key, der::View signed_part, der::View algorithm, der::View bits) {
  const std::optional<bool> is_signed = mbed::is_signed(key, signed_part, algorithm, bits);
  if (!is_signed)
    throw Error(Exit::bad_input,
                "its signature is of type " + mbed::name_or_oid(algorithm) + ", which certo cannot read",
                "this is a limit of certo: sign it with SHA-256, SHA-384 or SHA-512, and ECDSA or RSA");
  if (!*is_signed) throw Error(Exit::bad_input, "its signature is wrong, or weaker than SHA-256");
}

std::string common_name(der::Reader subject) {
  std::string found;
  while (!subject.at_end()) {
    der::Reader set = subject.inside(der::set_tag);
    while (!set.at_end()) {
      der::Reader attribute = set.inside(der::sequence_tag);
      if (is(attribute.content(der::oid_tag), MBEDTLS_OID_AT_CN)) found = as_text(attribute.any());
    }
  }
  return found;
}

/// The names in their order, each once.
class Names {
 public:
  void add(const Identifier& one) {
    if (seen_.insert(one).second) list.push_back(one);
  }

  std::vector<Identifier> list;

 private:
  std::set<Identifier> seen_;
};

void add_general_names(Names& into, der::Reader names) {
  while (!names.at_end()) {
    if (names.next_is(dns_name)) {
      into.add(identifier(as_text(names.any())));
    } else if (names.next_is(ip_address)) {
      const der::View address = names.any();
      if (address.size() != 4 && address.size() != 16) throw Error(Exit::bad_input, "malformed IP address");
      into.add(ip_identifier(address));
    } else {
      names.any();  // an e-mail address or URI: the CA decides about it
    }
  }
}

void add_extensions(Names& into, der::Reader extensions) {
  while (!extensions.at_end()) {
    der::Reader extension = extensions.inside(der::sequence_tag);
    const der::View oid = extension.content(der::oid_tag);
    if (extension.next_is(der::boolean)) extension.any();
    der::Reader value = extension.inside(der::octet_string_tag);
    if (is(oid, MBEDTLS_OID_SUBJECT_ALT_NAME)) add_general_names(into, value.inside(der::sequence_tag));
  }
}

void add_attributes(Names& into, der::Reader attributes) {
  while (!attributes.at_end()) {
    der::Reader attribute = attributes.inside(der::sequence_tag);
    if (!is(attribute.content(der::oid_tag), MBEDTLS_OID_PKCS9_CSR_EXT_REQ)) continue;
    add_extensions(into, attribute.inside(der::set_tag).inside(der::sequence_tag));
  }
}

void add_common_name(Names& into, const std::string& name) {
  // "Example" beside other names is an organisation rather than a host.
  if (!into.list.empty() && name.find('.') == name.npos) return;
  try {
    into.add(identifier(name));
  } catch (const Error&) {
    // It need not be a host's name: "Example Inc.".
  }
}

// mbedTLS's own parser refuses an empty subject.
Csr read_csr(der::View bytes) {
  der::Reader file(bytes);
  der::Reader request = file.inside(der::sequence_tag);
  file.expect_end();
  const der::View info = request.whole();
  const der::View algorithm = request.content(der::sequence_tag);
  const der::View signature = request.content(der::bit_string_tag);
  request.expect_end();

  der::Reader fields = der::Reader(info).inside(der::sequence_tag);
  fields.content(der::integer_tag);
  const std::string name = common_name(fields.inside(der::sequence_tag));
  mbed::Pk key;
  mbed::parse_any(*key.get(), fields.whole());
  check_signature(*key.get(), info, algorithm, signature);

  Csr csr;
  csr.der.assign(bytes.begin(), bytes.end());
  csr.spki = mbed::spki(*key);
  csr.key_description = mbed::description(*key);
  Names names;
  if (fields.next_is(attributes_tag)) add_attributes(names, fields.inside(attributes_tag));
  fields.expect_end();
  if (!name.empty()) add_common_name(names, name);
  csr.identifiers = std::move(names.list);
  if (csr.identifiers.empty()) throw Error(Exit::bad_input, "it contains no names");
  return csr;
}

}  // namespace

Bytes make_csr(const Signer& key, const std::vector<Identifier>& identifiers, Staple staple) {
  if (identifiers.empty()) throw Error(Exit::bug, "a certificate request without names");
  const PublicKey& public_key = key.public_key();
  const Bytes extension = der::sequence(
      {der::oid(MBEDTLS_OID_SUBJECT_ALT_NAME), der::octet_string(subject_alt_name(identifiers))});
  const Bytes feature = staple == Staple::must ? must_staple_extension() : Bytes{};
  const Bytes attribute = der::sequence(
      {der::oid(MBEDTLS_OID_PKCS9_CSR_EXT_REQ), der::set({der::sequence({extension, feature})})});
  const Bytes subject = der::sequence({});
  const Bytes info = der::sequence(
      {der::small_integer(0), subject, public_key.spki, der::element(attributes_tag, {attribute})});
  const Bytes signature = x509_signature(public_key, key.sign(as_text(info)));
  return der::sequence({info, algorithm(public_key.type), der::bit_string(signature)});
}

Csr parse_csr(std::string_view pem_or_der, const std::string& subject) {
  if (!pem_or_der.empty() && as_bytes(pem_or_der).front() == der::sequence_tag)
    return parse_csr_der(as_bytes(pem_or_der), subject);
  return parse_csr_pem(pem_or_der, subject);
}

Csr parse_csr_pem(std::string_view pem, const std::string& subject) {
  const PemText text = read_pem(pem);
  for (const PemBlock& block : text.blocks) {
    const bool is_request = block.label == pem_label || block.label == old_label;
    if (is_request) return parse_csr_der(block.der, subject);
  }
  throw Error(Exit::bad_input, subject + (text.damaged ? " is damaged" : " holds no certificate request"),
              "'certo csr' makes one, as PEM");
}

Csr parse_csr_der(std::span<const uint8_t> der, const std::string& subject) {
  try {
    return read_csr(der);
  } catch (const Error& error) {
    throw Error(Exit::bad_input, subject + ": " + error.message, error.hint);
  }
}

std::string csr_pem(std::span<const uint8_t> der) { return write_pem(pem_label, der); }

}  // namespace certo::crypto
