// A bundle of CA certificates, indexed by subject. A certificate is parsed only when it is
// needed: the index needs only the position of its subject (RFC 5280 section 4.1).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace certo::net {

class Roots {
 public:
  /// Text between the certificates is skipped, and so is a damaged block: others have made the
  /// bundle, and the certificates that can be read are still good.
  explicit Roots(std::string_view pem);

  size_t count() const { return roots_.size(); }
  /// The certificates, as DER, whose subject is `name`; several if a CA changed its key or was
  /// signed again. Compared byte by byte, because a CA must always encode its name in the same way (4.1.2.6).
  std::vector<std::span<const uint8_t>> named(std::span<const uint8_t> name) const;
  /// Those that may have signed the certificate `der`, by the name of its issuer.
  std::vector<std::span<const uint8_t>> issuers_of(std::span<const uint8_t> der) const;
  bool contains(std::span<const uint8_t> der) const;

 private:
  struct Root {
    Bytes der;
    std::span<const uint8_t> subject;  // within `der`, header included
  };
  std::vector<Root> roots_;
};

}  // namespace certo::net
