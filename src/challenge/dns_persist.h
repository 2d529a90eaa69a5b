// dns-persist-01 (acme/persist.h): certo checks the record that allows the account to get certificates, and
// changes nothing. `certo persist` publishes such records. The solver is declared in challenge/methods.h.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "acme/persist.h"
#include "challenge/solver.h"

namespace certo::challenge {

/// Adds the records, which stay: no journal lists them. Waits until they are visible, then removes the other
/// values at their names that are `of_account`.
void publish_persistent(const store::Home& home, const store::Dns& way, const SolverSettings& settings,
                        const std::vector<DnsRecord>& records, const acme::PersistOffer& of_account);

/// Removes the values at `names` (of records) that are `of_account`, and returns them.
std::vector<DnsRecord> remove_persistent(const store::Home& home, const store::Dns& way,
                                         const SolverSettings& settings,
                                         const std::vector<std::string>& names,
                                         const acme::PersistOffer& of_account);

}  // namespace certo::challenge
