// Does a DNS provider do what a certificate needs of it? Tried with values of no meaning, before the first
// order.
#pragma once

#include <functional>
#include <string>

#include "challenge/solver.h"
#include "store/home.h"

namespace certo::challenge {

struct Trial {
  std::string name;   // where the values were: behind CNAMEs
  Millis appeared{};  // from the provider's answer until all name servers had both values
  Millis vanished{};  // the same of the value that was taken out first
};

/// Puts two values at `_acme-challenge.<name>`, waits until the zone's servers show both, takes one out, sees
/// that the other stays, and takes that out. `tell` is called with each step before it is done. What was put
/// in is written down first and taken out whatever happens. Throws what the provider throws, and
/// Error{unreachable} for a value that does not appear or does not go.
Trial try_provider(const store::Home& home, const SolverSettings& settings, const std::string& name,
                   const std::function<void(const std::string&)>& tell);

}  // namespace certo::challenge
