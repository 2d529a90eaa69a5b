// The solvers of the challenge methods, by the way that a name is proven. What a solver presents is written
// to a journal first (store/presented.h) and removed whatever happens.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "acme/solver.h"
#include "base/dns_record.h"
#include "base/error.h"
#include "base/time.h"
#include "store/home.h"
#include "store/request.h"

namespace certo::challenge {

struct SolverSettings {
  Deadline deadline = Deadline(Seconds(600));
  Millis lock_timeout = Seconds(60);
  int ip_version = 0;
  bool is_attended = false;        // a person reads the messages and can be asked
  bool records_are_there = false;  // another host has added the DNS records; only wait for them
  bool warns_of_end = true;        // of a record of dns-persist-01 that ends soon; false: the caller does
  /// The certificate's journal (webserver/edit_journal.h); "": no configuration of a web server is changed.
  std::string edit_journal{};
  bool is_rehearsal = false;  // such edits are removed at the end
};

/// --dns manual: the records are missing, and nobody can be asked to add them. They have been listed. The
/// order stays open, and the next `solve` continues it.
struct PersonNeeded : Error {
  PersonNeeded(std::vector<DnsRecord> needed, std::string what, std::string advice)
      : Error(Exit::person_needed, std::move(what), std::move(advice)), records(std::move(needed)) {}

  std::vector<DnsRecord> records;
};

/// A solver of one method. The method's row tells which challenges it can fulfil.
class MethodSolver : public acme::Solver {
 public:
  std::vector<std::string> types(const acme::Authorization& authorization) const override;
  std::string advice(const acme::Authorization& authorization) const override;

 protected:
  explicit MethodSolver(const store::Way& way)
      : method_(store::method_of(way)), types_(store::types_of(way)) {}

 private:
  const store::Method& method_;
  const std::span<const std::string_view> types_;
};

/// Throws Error{usage} or {config}: no such folder, no such provider, a bad setting.
std::unique_ptr<acme::Solver> make_solver(const store::Home& home, const store::Way& way,
                                          const SolverSettings& settings);
/// Each identifier is proven its own way.
std::unique_ptr<acme::Solver> make_solver(const store::Home& home, const store::Ways& ways,
                                          const SolverSettings& settings);

}  // namespace certo::challenge
