// An identifier as ACME and X.509 share it: a DNS name (RFC 8555) or an IP address (RFC 8738).
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace certo::crypto {

struct Identifier {
  std::string type;   // "dns" or "ip"
  std::string value;  // lower case ASCII; a wildcard keeps its "*."; an address in RFC 5952 form
  auto operator<=>(const Identifier&) const = default;
  bool is_wildcard() const { return value.starts_with("*."); }
  /// Without "*.": what is validated.
  std::string base() const { return is_wildcard() ? value.substr(2) : value; }
};

/// Checks the grammar (LDH labels, at most 253 bytes, at least two labels, `*` only as the whole
/// first label) of a name that is ASCII already, or an IPv4/IPv6 address. Folds case, drops a final dot.
/// Throws Error{usage}: "'exa mple.com' is no name that a certificate can hold: …".
Identifier identifier(std::string_view text);

/// The set that is asked for: duplicates dropped, order kept. Throws Error{usage} above 100.
std::vector<Identifier> identifiers(const std::vector<std::string>& texts);

/// An address as X.509 has it, 4 or 16 bytes in network order, and back.
Identifier ip_identifier(std::span<const uint8_t> bytes);
Bytes ip_bytes(const Identifier& identifier);

/// True when both hold the same identifiers, in whatever order.
bool same_set(std::vector<Identifier> a, std::vector<Identifier> b);

}  // namespace certo::crypto
