// The ways to fulfil challenges, behind acme::Solver. What goes out is written down first
// (store/presented.h) and taken out whatever happens.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "acme/solver.h"
#include "base/error.h"
#include "store/home.h"
#include "store/presented.h"
#include "store/request.h"

namespace certo::challenge {

struct SolverSettings {
  store::Way way;
  Deadline deadline = Deadline(Seconds(600));
  Millis lock_timeout = Seconds(60);
  int ip_version = 0;
  bool is_attended = false;        // a person sees what is said, and may be asked
  bool records_are_there = false;  // another host has put in those of dns; only wait for them
};

/// --dns manual: the records are not there, and nobody is at hand to add them. They have been listed. The
/// order stays open, and goes on with them when `solve` comes to it again.
struct PersonNeeded : Error {
  PersonNeeded(std::vector<DnsRecord> needed, std::string what, std::string advice)
      : Error(Exit::person_needed, std::move(what), std::move(advice)), records(std::move(needed)) {}

  std::vector<DnsRecord> records;
};

/// Throws Error{usage} or {config}: unknown method, no such folder, no such provider.
std::unique_ptr<acme::Solver> make_solver(const store::Home& home, const SolverSettings& settings);
/// Each identifier by its own of `ways`, which takes the place of `settings.way`.
std::unique_ptr<acme::Solver> make_solver(const store::Home& home, const store::Ways& ways,
                                          SolverSettings settings);

/// The halves of `certo present` and `certo cleanup`: dns-01 records by `way.provider`, put in and left
/// there, or taken out again. No waiting, no account key.
void present_records(const store::Home& home, const SolverSettings& settings,
                     const std::vector<DnsRecord>& records);
void cleanup_records(const store::Home& home, const SolverSettings& settings,
                     const std::vector<DnsRecord>& records);

/// For `solve --no-present`: records that another host put in; only waits until they are visible.
std::unique_ptr<acme::Solver> make_waiting_solver(const SolverSettings& settings);

/// Takes out what runs that died have left. Failures are warnings.
void sweep(const store::Home& home, const SolverSettings& settings) noexcept;

}  // namespace certo::challenge
