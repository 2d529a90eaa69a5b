#include "certificates.h"

#include <algorithm>

#include "crypto/der.h"
#include "crypto/hash.h"

namespace certo::test {

using namespace crypto;

namespace {

const Bytes kCommonName = der::oid("\x55\x04\x03");
const Bytes kSubjectAltName = der::oid("\x55\x1d\x11");
const Bytes kBasicConstraints = der::oid("\x55\x1d\x13");
const Bytes kSubjectKeyId = der::oid("\x55\x1d\x0e");
const Bytes kAuthorityKeyId = der::oid("\x55\x1d\x23");

Bytes subject_name(const std::string& common_name) {
  if (common_name.empty()) return der::sequence({});
  const Bytes value = der::element(der::kUtf8String, {as_bytes(common_name)});
  return der::sequence({der::set({der::sequence({kCommonName, value})})});
}

Bytes time(Time time) {
  std::string text = compact_utc(time);
  std::erase(text, 'T');
  return der::element(der::kGeneralizedTime, {as_bytes(text)});
}

Bytes key_id(const PublicKey& key) {
  const Sha256 digest = sha256(key.spki);
  return Bytes(digest.begin(), digest.begin() + 20);
}

Bytes subject_alt_name(const std::vector<Identifier>& identifiers) {
  std::vector<Bytes> names;
  for (const Identifier& one : identifiers) {
    names.push_back(one.type == "ip" ? der::element(der::context(7, false), {ip_bytes(one)})
                                     : der::element(der::context(2, false), {as_bytes(one.value)}));
  }
  return extension(kSubjectAltName, false, der::sequence({der::concat(names)}));
}

Bytes extensions(const Contents& contents, const PublicKey& key, const PublicKey& issuer_key) {
  std::vector<Bytes> all = contents.extensions;
  const uint8_t yes[] = {0xff};
  if (contents.is_ca) {
    all.push_back(extension(kBasicConstraints, true, der::sequence({der::element(der::kBoolean, {yes})})));
  }
  if (!contents.identifiers.empty()) all.push_back(subject_alt_name(contents.identifiers));
  all.push_back(extension(kSubjectKeyId, false, der::octet_string(key_id(key))));
  const Bytes issuer_id = der::element(der::context(0, false), {key_id(issuer_key)});
  all.push_back(extension(kAuthorityKeyId, false, der::sequence({issuer_id})));
  return der::element(der::context(3, true), {der::sequence({der::concat(all)})});
}

/// RFC 5758 and RFC 4055; ECDSA signatures become Ecdsa-Sig-Value.
Bytes algorithm(KeyType type) {
  if (type == KeyType::ec256) return der::sequence({der::oid("\x2a\x86\x48\xce\x3d\x04\x03\x02")});
  if (type == KeyType::ec384) return der::sequence({der::oid("\x2a\x86\x48\xce\x3d\x04\x03\x03")});
  return der::sequence({der::oid("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"), der::null()});
}

Bytes positive_integer(std::span<const uint8_t> number) {
  const uint8_t zero[] = {0};
  while (number.size() > 1 && number[0] == 0) number = number.subspan(1);
  const bool needs_sign_byte = (number[0] & 0x80) != 0;
  return der::element(der::kInteger, {std::span(zero, needs_sign_byte ? 1 : 0), number});
}

Bytes signature(const Signer& key, const Bytes& message) {
  const Bytes raw = key.sign(as_text(message));
  if (key.public_key().x.empty()) return der::bit_string(raw);
  const auto half = std::span(raw).first(raw.size() / 2), other = std::span(raw).last(raw.size() / 2);
  return der::bit_string(der::sequence({positive_integer(half), positive_integer(other)}));
}

Certificate make_certificate(const Contents& contents, const PublicKey& key, const Signer& issuer_key,
                             const std::string& issuer) {
  const uint8_t version_3[] = {2};
  const Bytes version = der::element(der::context(0, true), {der::element(der::kInteger, {version_3})});
  const Bytes serial = der::element(der::kInteger, {contents.serial});
  const Bytes algorithm_id = algorithm(issuer_key.public_key().type);
  const Bytes validity = der::sequence({time(contents.not_before), time(contents.not_after)});
  const Bytes body = der::sequence({version, serial, algorithm_id, subject_name(issuer), validity,
                                    subject_name(contents.subject), key.spki,
                                    extensions(contents, key, issuer_key.public_key())});
  return parse_certificate(der::sequence({body, algorithm_id, signature(issuer_key, body)}), "test",
                           Exit::bug);
}

}  // namespace

std::vector<Identifier> dns(const std::vector<std::string>& names) {
  std::vector<Identifier> result;
  for (const std::string& name : names) result.push_back({"dns", name});
  return result;
}

Bytes extension(const Bytes& oid, bool critical, const Bytes& value) {
  const uint8_t yes[] = {0xff};
  const Bytes flag = critical ? der::element(der::kBoolean, {yes}) : Bytes();
  return der::sequence({oid, flag, der::octet_string(value)});
}

Authority make_ca(const std::string& subject, const Authority* issuer, KeyType type) {
  auto key = std::make_shared<PrivateKey>(PrivateKey::generate(type));
  Contents contents;
  contents.subject = subject;
  contents.is_ca = true;
  contents.not_after = kNow + std::chrono::years(10);
  if (issuer != nullptr) return {key, make_leaf(*issuer, key->public_key(), contents)};
  return {key, make_certificate(contents, key->public_key(), *key, subject)};
}

Certificate make_leaf(const Authority& issuer, const PublicKey& key, const Contents& contents) {
  // "CN=Test Root", as printed
  const std::string& subject = issuer.certificate.subject;
  return make_certificate(contents, key, *issuer.key, subject.empty() ? subject : subject.substr(3));
}

}  // namespace certo::test
