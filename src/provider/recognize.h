// Which DNS service holds a zone, by the host names of the zone's name servers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provider/descriptor.h"

namespace certo::provider {

/// '*' stands for any text, '?' for one character; both without regard to case.
bool fits(std::string_view pattern, std::string_view host);

/// The providers whose `name_servers` fit.
struct Recognized {
  std::vector<const Descriptor*> whole;  // every server: one of them is enough for the zone
  std::vector<const Descriptor*> parts;  // some servers, and another service has the others
};

/// A server that no provider knows does not count, unless no provider knows any.
Recognized recognize(const std::vector<Descriptor>& all, const std::vector<std::string>& servers);

}  // namespace certo::provider
