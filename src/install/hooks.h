// Hooks: programs of the user around a certificate's renewal.
//
//   pre      before an order is opened; if one fails, certo does not contact the CA
//   deploy   after a new certificate is live and installed; if one fails, the next run starts it again
//   post     at the end of a run that began with pre hooks, also after a failure
//
// Each runs with a clean environment (install/hook_environment.h) in a process group of its own, with a
// deadline, and never at the same time as another one of this process. Calls for one certificate come in
// pairs, `begin_hooks` and `finish_hooks`. If a run dies between them, the next run finishes its hooks.
#pragma once

#include <string>
#include <vector>

#include "base/failure.h"
#include "install/hook_environment.h"
#include "install/hook_list.h"

namespace certo::install {

struct HookSettings {
  std::vector<std::string> names{};  // of the certificate; empty: as its request.json says
  bool is_installed = true;          // false: deploy hooks wait until it is
};

struct HookOutcome {
  size_t ran = 0;
  std::vector<Failure> failures{};
  bool is_known = false;  // the schedule has reported these failures before
  /// ok, or not_installed.
  Exit code() const { return failures.empty() ? Exit::ok : Exit::not_installed; }
};

/// Runs all hooks of a kind, and continues if one fails. Stores nothing.
HookOutcome run_hooks(HookKind kind, const store::Entry& entry, const store::Home& home,
                      const HookSettings& settings);

/// Asks a hook that comes with certo whether its settings are usable: it runs with CERTO_HOOK=check. Throws
/// Error{config} with its words.
void require_usable(const Hook& hook, const store::Entry& entry, const store::Home& home);

/// Before the order: runs the pre hooks. Throws Error{failed}, {unreachable} for a deadline, or {config}, for
/// the first that fails. The caller holds the entry's lock.
void begin_hooks(const store::Entry& entry, const store::Home& home, const HookSettings& settings);

/// Is there a deploy hook that has not succeeded for the live version, or a post hook that is owed? Reads
/// hooks.json only. Throws Error{bad_input} for a damaged one.
bool hooks_owed(const store::Entry& entry);
/// The same; true for a damaged one, so that `finish_hooks` reports it.
bool hooks_pending(const store::Entry& entry);

/// Runs the hooks that `hooks_pending` found. The caller holds the entry's lock. Throws Error{bad_input} for
/// a damaged hooks.json, and Interrupted.
HookOutcome finish_hooks(const store::Entry& entry, const store::Home& home, const HookSettings& settings);

/// After a signal: runs the post hooks that are owed, in the moment that is left. Does not throw.
void finish_interrupted(const store::Entry& entry, const store::Home& home, const HookSettings& settings);

}  // namespace certo::install
