// The names of what neither certo nor mbedTLS can read in certificates and CSRs, parameters included.
// Implements a part of crypto/mbed.h.
#include "crypto/mbed.h"

namespace certo::crypto::mbed {
namespace {

/// The hash in the parameters of RSASSA-PSS (RFC 4055 section 3.1) if mbedTLS does not know it; "" otherwise.
std::string_view hash_of_pss(der::Reader parameters) {
  constexpr std::string_view nist_hash = "\x60\x86\x48\x01\x65\x03\x04\x02";
  constexpr std::string_view names[] = {"SHA3-224", "SHA3-256", "SHA3-384",
                                        "SHA3-512", "SHAKE128", "SHAKE256"};
  constexpr uint8_t first = 7;
  if (!parameters.next_is(der::sequence_tag)) return {};
  der::Reader fields = parameters.inside(der::sequence_tag);
  if (!fields.next_is(der::context(0, true))) return {};
  const std::string_view oid =
      as_text(fields.inside(der::context(0, true)).inside(der::sequence_tag).content(der::oid_tag));
  if (oid.size() != nist_hash.size() + 1 || !oid.starts_with(nist_hash)) return {};
  const size_t at = static_cast<size_t>(static_cast<uint8_t>(oid.back())) - first;
  return at < std::size(names) ? names[at] : std::string_view();
}

}  // namespace

std::string unsupported_name(der::View algorithm) {
  der::Reader fields(algorithm);
  std::string name(unsupported_algorithm(as_text(fields.content(der::oid_tag))));
  if (name != pss) return name;
  const std::string_view hash = hash_of_pss(fields);
  return hash.empty() ? name : name + " with " + std::string(hash);
}

std::string name_or_oid(der::View algorithm) {
  const std::string name = unsupported_name(algorithm);
  return name.empty() ? "OID " + dotted_oid(as_text(der::Reader(algorithm).content(der::oid_tag))) : name;
}

}  // namespace certo::crypto::mbed
