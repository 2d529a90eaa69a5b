// An identifier of ACME and X.509: a DNS name (RFC 8555) or an IP address (RFC 8738).
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
  /// Without "*.": the name that is validated.
  std::string base() const { return is_wildcard() ? value.substr(2) : value; }
};

/// Whether a certificate for `held` serves `wanted`: the same one, or a wildcard and a name one label below
/// it.
bool covers(const Identifier& held, const Identifier& wanted);

/// Checks the grammar (LDH labels and underscores, at most 253 bytes, `*` only as the whole first label) of
/// an ASCII name, or an IPv4 or IPv6 address. Folds case, drops a final dot. Throws Error{usage}: "'exa
/// mple.com' cannot be a name in a certificate: …".
Identifier identifier(std::string_view text);

/// The requested set: duplicates dropped, order kept. Throws Error{usage} above 1,000.
std::vector<Identifier> identifiers(const std::vector<std::string>& texts);

/// Throws Error{usage} for what no public CA certifies (Baseline Requirements section 7.1.4.2): a name of a
/// single label, an underscore; and for more than 100 names.
void require_public(const std::vector<Identifier>& all);

/// An address as in X.509, 4 or 16 bytes in network order, and back.
Identifier ip_identifier(std::span<const uint8_t> bytes);
Bytes ip_bytes(const Identifier& identifier);

/// True if both contain the same identifiers, in any order.
bool same_set(std::vector<Identifier> a, std::vector<Identifier> b);

}  // namespace certo::crypto
