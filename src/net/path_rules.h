// What the certificates of a server's chain say about those below them, and mbedTLS does not check: name
// constraints and policies (RFC 5280 sections 4.2.1.10, 4.2.1.11 and 6.1).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/der.h"

namespace certo::net {

class PathRules {
 public:
  struct Link {
    View issuer, subject;  // Names, DER
    View extensions;       // Extensions, DER; empty if there are none
    bool is_root = false, is_server = false;
  };
  /// The certificates from the root to the server's, each once. Afterwards `fault` may be set.
  void add(const Link& link);
  /// "is for a name that its CA must not certify"; empty if all is well. What cannot be read, and a kind of
  /// name that cannot be compared, is a fault.
  const std::string& fault() const { return fault_; }

  /// Whether `oid` (content octets) is an extension that this class checks or that needs no check, so that it
  /// may be critical although mbedTLS does not know it.
  static bool knows(std::string_view oid);

 private:
  struct GeneralName {
    uint8_t kind;  // the context tag's number
    View value;
  };
  struct Subtrees {
    std::vector<GeneralName> permitted, excluded;
  };
  struct Extensions;

  static std::optional<std::vector<GeneralName>> general_names(View content);
  static std::optional<std::vector<GeneralName>> bases(View content);
  void check_names(const Link& link, const Extensions& extensions);
  void check_name(const GeneralName& name);
  void take_policies(const Link& link, const Extensions& extensions);
  void take_constraints(const Extensions& extensions);

  static constexpr int never = std::numeric_limits<int>::max();
  std::vector<Subtrees> subtrees_;                   // one for each certificate that has constraints
  std::optional<std::set<std::string>> policies_{};  // those of all certificates so far; nothing: any
  int explicit_after_ = never;                       // certificates until a common policy is required
  int no_any_after_ = never;                         // certificates until anyPolicy counts for nothing
  std::string fault_;
};

}  // namespace certo::net
