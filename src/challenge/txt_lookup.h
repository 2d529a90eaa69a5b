// TXT values as a CA sees them: from the servers of the name, or from the resolver if they cannot be asked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/dns.h"

namespace certo::challenge {

struct TxtAnswer {
  std::vector<std::string> values;
  bool is_known = false;          // false: nobody has answered
  bool is_from_resolver = false;  // which may remember an older state
};

/// By name, after CNAMEs. Throws Error{failed} if these lead in a circle.
std::map<std::string, TxtAnswer> look_up_txt(const std::vector<std::string>& names,
                                             const net::Resolver& resolver, const Deadline& deadline);

}  // namespace certo::challenge
