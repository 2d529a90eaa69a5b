// --dns auto: the name servers of a zone tell which DNS service holds it, and which provider of certo speaks
// to that service.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "challenge/solver.h"
#include "net/dns.h"
#include "store/home.h"
#include "store/way.h"

namespace certo::challenge {

/// In place of a provider's name.
inline constexpr const char* automatic = "auto";

/// What DNS says of a name. Plain DNS can be forged: a forged answer leads to a service whose settings the
/// user gave, and no further.
struct Seen {
  std::string zone;                  // "": DNS shows none
  std::vector<std::string> servers;  // host names
};

/// By name of the certificate, without "*.": the zone that holds the record of its challenge, after --alias
/// and CNAMEs.
std::map<std::string, Seen> look_at(const std::vector<std::string>& names, const store::Dns& way,
                                    const net::Resolver& resolver, const Deadline& deadline);

/// A provider that could hold the record.
struct Candidate {
  std::string name, title;
  std::string missing;  // what is missing of its settings, and what to do; "" if they are complete
};

struct Verdict {
  std::vector<Candidate> whole;  // for a service that has all of the zone's name servers
  std::vector<Candidate> parts;  // for one that has some, and another service has the others
};
Verdict judge(const Seen& seen, const store::Home& home, const store::Dns& way);

/// A person's choice among several for `name`: one of them, or "".
using Choose = std::function<std::string(const std::string& name, const std::vector<Candidate>& candidates)>;

/// The provider for `name`. Throws Error{config} if certo recognizes no service, or has no settings for it,
/// and Error{usage} if several are possible and `choose` picks none.
std::string provider_for(const std::string& name, const Seen& seen, const Verdict& verdict,
                         const Choose& choose);

}  // namespace certo::challenge
