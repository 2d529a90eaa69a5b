// A pass over the store: renews the certificates that are due, independently of each other, several at a
// time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "challenge/solver.h"
#include "install/deliver.h"
#include "install/hooks.h"
#include "renew/issue.h"

namespace certo::renew {

struct PassResult;
enum class Stage { renewal, installation, hooks };

struct PassSettings {
  std::vector<std::string> names;  // empty: all
  bool force = false;
  bool is_attended = false;
  size_t jobs = 4;  // certificates at a time
  std::function<Time()> clock = now;
  /// Called when a stage of a certificate has ended, by one thread at a time; it may be empty.
  std::function<void(const PassResult&, Stage)> tell{};
  SessionSettings session;  // ca_bundle, ip_version, timeouts; the CA comes from each request

  /// For the challenges of one certificate, from now on.
  challenge::SolverSettings solving() const;
};

enum class Outcome { not_due, held_back, renewed, rehearsed, needs_person, failed };
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
};

/// Renews, then installs the new versions and those that an earlier run could not install, then runs the
/// hooks that are owed. The results are in the order of the names. One failure never stops another
/// certificate. Throws only failures that concern all (the state folder, a signal).
std::vector<PassResult> run_pass(const store::Home& home, const PassSettings& settings);

}  // namespace certo::renew
