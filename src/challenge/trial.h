// Tests with meaningless values, before the first order, whether a DNS provider does what a certificate
// needs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "challenge/solver.h"
#include "store/home.h"

namespace certo::challenge {

struct Trial {
  std::string name;   // that held the values, after CNAMEs
  Millis appeared{};  // from the provider's answer until all name servers had both values
  Millis vanished{};  // from the provider's answer until no name server had the removed value
};

/// Adds two values at `_acme-challenge.<name>`, waits until the zone's servers show both, removes one, checks
/// that the other stays, and removes it. Calls `tell` before each step. A journal lists the values, and they
/// are removed whatever happens. Throws what the provider throws, and Error{unreachable} for a value that
/// does not appear or does not go away.
Trial try_provider(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                   const std::string& name, const std::function<void(const std::string&)>& tell);

/// What `try_records` saw.
struct RecordTrial {
  std::vector<std::string> names;  // that held the values, after CNAMEs
  Millis appeared{};               // until all name servers had them; zero if --propagation says not to look
  bool is_at_resolver = false;     // the resolver showed them, too, in a few seconds
};

/// Adds a value at each of `names` (of records), waits until the servers show all, and removes them. Throws
/// as try_provider does.
RecordTrial try_records(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                        const std::vector<std::string>& names);

}  // namespace certo::challenge
