// dns-persist-01 (acme/persist.h): certo checks the record that allows the account to get certificates, and
// changes nothing. `certo persist` publishes such records. The solver is declared in challenge/methods.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acme/persist.h"
#include "challenge/solver.h"

namespace certo::challenge {

/// certo warns of a record that ends, so long before.
inline constexpr Seconds persist_warned_before = std::chrono::hours(24 * 30);

struct PersistEnd {
  std::string name;  // of the record
  Time until{};
};
/// Which of the records of `applicant` ends first, or has ended; nothing if all stay, or if none is known
/// because DNS does not answer.
struct PersistLook {
  bool is_known = false;
  std::optional<PersistEnd> first;
};
PersistLook look_at_persistent(const store::DnsPersist& way, const SolverSettings& settings,
                               const acme::Applicant& applicant, Time now);

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
