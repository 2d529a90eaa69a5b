#include "base/algorithm.h"

#include <algorithm>
#include <cstdint>

// NIST's signature algorithms, 2.16.840.1.101.3.4.3; PKIX's algorithms, 1.3.6.1.5.5.7.6.
#define CERTO_NIST_SIGNATURE "\x60\x86\x48\x01\x65\x03\x04\x03"
#define CERTO_PKIX_ALGORITHM "\x2b\x06\x01\x05\x05\x07\x06"

namespace certo {
namespace {

struct Known {
  std::string_view oid;
  const char* name;
};

constexpr Known unsupported[] = {
    {"\x2b\x65\x6e", "X25519"},  // RFC 8410
    {"\x2b\x65\x6f", "X448"},
    {"\x2b\x65\x70", "Ed25519"},
    {"\x2b\x65\x71", "Ed448"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", pss},  // RFC 4055: as the type of a key, or with odd parameters
    {CERTO_NIST_SIGNATURE "\x09", "ECDSA with SHA3-224"},  // RFC 9688
    {CERTO_NIST_SIGNATURE "\x0a", "ECDSA with SHA3-256"},
    {CERTO_NIST_SIGNATURE "\x0b", "ECDSA with SHA3-384"},
    {CERTO_NIST_SIGNATURE "\x0c", "ECDSA with SHA3-512"},
    {CERTO_NIST_SIGNATURE "\x0d", "RSA with SHA3-224"},
    {CERTO_NIST_SIGNATURE "\x0e", "RSA with SHA3-256"},
    {CERTO_NIST_SIGNATURE "\x0f", "RSA with SHA3-384"},
    {CERTO_NIST_SIGNATURE "\x10", "RSA with SHA3-512"},
    {CERTO_NIST_SIGNATURE "\x11", "ML-DSA-44"},  // RFC 9881
    {CERTO_NIST_SIGNATURE "\x12", "ML-DSA-65"},
    {CERTO_NIST_SIGNATURE "\x13", "ML-DSA-87"},
    {CERTO_PKIX_ALGORITHM "\x1e", "RSASSA-PSS with SHAKE128"},  // RFC 8692
    {CERTO_PKIX_ALGORITHM "\x1f", "RSASSA-PSS with SHAKE256"},
    {CERTO_PKIX_ALGORITHM "\x20", "ECDSA with SHAKE128"},
    {CERTO_PKIX_ALGORITHM "\x21", "ECDSA with SHAKE256"},
    {CERTO_PKIX_ALGORITHM "\x43", merkle_tree},  // draft-ietf-plants-merkle-tree-certs
};
// Experiments with Merkle tree certificates use OIDs below 1.3.6.1.4.1.44363.47.
constexpr std::string_view merkle_experiments = "\x2b\x06\x01\x04\x01\x82\xda\x4b\x2f";
// SLH-DSA has many parameter sets (RFC 9909).
constexpr uint8_t first_slh_dsa = 0x14, last_slh_dsa = 0x2e;

}  // namespace

std::string_view unsupported_algorithm(std::string_view oid) {
  const auto* const found = std::ranges::find(unsupported, oid, &Known::oid);
  if (found != std::end(unsupported)) return found->name;
  if (oid.starts_with(merkle_experiments)) return merkle_tree;
  constexpr std::string_view nist = CERTO_NIST_SIGNATURE;
  if (oid.size() != nist.size() + 1 || !oid.starts_with(nist)) return {};
  const auto last = static_cast<uint8_t>(oid.back());
  return last >= first_slh_dsa && last <= last_slh_dsa ? "SLH-DSA" : std::string_view();
}

std::string dotted_oid(std::string_view oid) {
  std::string text;
  uint64_t arc = 0;
  for (const char c : oid) {
    const auto byte = static_cast<uint8_t>(c);
    constexpr int bits = 7;
    if (arc > UINT64_MAX >> bits) return {};
    arc = arc << bits | (byte & 0x7f);
    if ((byte & 0x80) != 0) continue;
    constexpr uint64_t second_arcs = 40;
    if (text.empty()) {
      const uint64_t first = std::min<uint64_t>(arc / second_arcs, 2);
      text = std::to_string(first);
      arc -= first * second_arcs;
    }
    text += "." + std::to_string(arc);
    arc = 0;
  }
  return text;
}

}  // namespace certo
