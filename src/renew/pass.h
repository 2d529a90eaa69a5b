// A pass over the store: renews the certificates that are due, independently of each other, several at a
// time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/failure.h"
#include "challenge/solver.h"
#include "install/deliver.h"
#include "install/hooks.h"
#include "renew/issue.h"

namespace certo::renew {

struct PassResult;

/// How many of the certificates that this pass renews have ended.
struct Counter {
  size_t ended = 0, all = 0;
};

/// What a pass tells while it runs. One call at a time, from any thread.
struct PassNews {
  /// Renewed, failed, or not to be renewed.
  std::function<void(const PassResult&, Counter)> ended = [](const PassResult&, Counter) {};
  /// Its installation was tried, or its hooks have run.
  std::function<void(const PassResult&)> finished = [](const PassResult&) {};
};

struct PassSettings {
  std::vector<std::string> names;  // empty: all
  bool force = false;
  bool is_attended = false;
  bool is_scheduled = false;  // what failed after a renewal is tried again later, not in each run
  size_t jobs = 4;            // certificates at a time
  std::function<Time()> clock = now;
  // Whether the schedule reported this failure of an installation or a hook a short time ago. If it is asked
  // by a run of the schedule and says no, that run reports it. Empty: never.
  std::function<bool(const std::string& failure)> was_reported{};
  install::WantedHooks hooks{};  // added to those of each certificate that is renewed
  SessionSettings session;       // ca_bundle, ip_version, timeouts; the CA comes from each request
  PassNews news{};
  /// Looks why the CA did not find the names of a certificate proven.
  std::function<Explanation(const std::string& name, const Error&)> explain{};

  /// For the challenges of one certificate, from now on.
  challenge::SolverSettings solving() const;
};

/// `not_tried`: a signal came before it was renewed.
enum class Outcome { not_due, held_back, renewed, rehearsed, needs_person, failed, not_tried };
struct PassResult {
  std::string name;
  Outcome outcome = Outcome::not_due;
  Failure failure{};  // failed or held back: why
  Time due{}, not_after{};
  std::optional<Time> retry_at{};               // failed or held back: not tried again before
  std::optional<Time> failing_since{};          // failed: since when without a success
  std::optional<install::HookOutcome> hooks{};  // of deploy and post hooks that ran
  std::optional<install::Delivery> delivery{};  // if there was something to install
  std::vector<DnsRecord> records{};             // needs_person: the records to add
  std::vector<LeftOut> left_out{};              // renewed without these names; `failure` has the code
};

struct PassRun {
  std::vector<PassResult> results;         // in the order of the names
  std::optional<Interrupted> interrupted;  // by a signal; the next pass continues
};

/// Finds out which are due, renews them, then installs the new versions and those that an earlier run could
/// not install, then runs the hooks that are owed. One failure never stops another certificate. Throws only
/// failures that concern all (the state folder).
PassRun run_pass(const store::Home& home, const PassSettings& settings);

}  // namespace certo::renew
