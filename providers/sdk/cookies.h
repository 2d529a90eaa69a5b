// The cookies of a session (RFC 6265) with one service. Their paths, hosts and ends are ignored: a session is
// as long as one call, and its requests go to one host.
#pragma once

#include <string>
#include <vector>

#include "sdk/provider.hpp"

namespace certo::sdk {

class Cookies {
 public:
  /// Takes those that a reply sets; of each name, the last one counts.
  void take(const Reply& reply);

  /// "" if there is none of this name.
  std::string value(const std::string& name) const;
  /// "name=value; name=value", for the header Cookie; "" if there are none.
  std::string text() const;

 private:
  std::vector<std::string> pairs_;  // "name=value"
};

}  // namespace certo::sdk
