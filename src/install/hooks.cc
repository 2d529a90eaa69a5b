#include "install/hooks.h"

#include <algorithm>
#include <mutex>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/child.h"
#include "os/program.h"
#include "os/signals.h"
#include "provider/executable.h"

namespace certo::install {
namespace {

constexpr Seconds limit_after_signal{2};  // certo has to be gone 5 s after it

void tell(const std::string& subject, const std::string& text) {
  for (const std::string& line : split(text, '\n'))
    if (!trim(line).empty()) log::verbose(subject + ": " + line);
}

/// The hooks of one kind and certificate, and their environment.
class Round {
 public:
  Round(HookKind kind, const store::Entry& entry, const store::Home& home, const StoredHooks& stored,
        const HookFacts& facts)
      : Round(kind, entry, home, stored.limit, hooks_of(kind, home, stored), facts) {}

  Round(HookKind kind, const store::Entry& entry, const store::Home& home, Millis limit,
        std::vector<Hook> hooks, const HookFacts& facts)
      : home_(home), limit_(limit), hooks_(std::move(hooks)) {
    if (hooks_.empty()) return;
    variables_ = hook_variables(kind, entry, facts);
    variables_["CERTO_HOME"] = home.path();  // for a hook that calls certo
  }

  /// Only a question to a hook that comes with certo.
  void ask(const Hook& hook) {
    variables_["CERTO_HOOK"] = "check";
    run(hook);
  }

  const std::vector<Hook>& hooks() const { return hooks_; }
  void limit(Millis most) { limit_ = std::min(limit_, most); }

  /// Throws Error: why it failed.
  void run(const Hook& hook) const {
    static std::mutex one_at_a_time;  // hooks of two certificates reload the same server
    const std::lock_guard guard(one_at_a_time);
    hook.require_trusted();
    os::Command command;
    if (hook.is_program()) {
      command.argv = {hook.command};
      command.path = os::trusted_program(hook.command);
    } else {
      command.argv = {"/bin/sh", "-c", hook.command};
    }
    command.environment =
        hook_environment(hook.is_program() ? hook_settings(home_, hook.command) : Variables{}, variables_);
    command.deadline = limit_;
    log::verbose(hook.subject());
    const os::Finished finished = os::run(command);
    tell(hook.subject(), finished.output);
    tell(hook.subject(), finished.errors);
    if (finished.status == 0 && !finished.timed_out) return;
    throw Error(finished.timed_out ? Exit::unreachable : Exit::failed, provider::reason(finished, limit_));
  }

  /// True if it succeeded; otherwise its failure is in `outcome`.
  bool run(const Hook& hook, HookOutcome& outcome) const {
    ++outcome.ran;
    try {
      run(hook);
      return true;
    } catch (const Error& error) {
      outcome.failures.push_back(failure_of(error.within(hook.subject())));
      return false;
    }
  }

 private:
  const store::Home& home_;
  Millis limit_;
  std::vector<Hook> hooks_;
  Variables variables_;
};

std::vector<std::string> names_of(const store::Entry& entry, const HookSettings& settings) {
  if (!settings.names.empty()) return settings.names;
  std::vector<std::string> names;
  if (!entry.exists()) return names;
  for (const crypto::Identifier& one : entry.request().identifiers) names.push_back(one.value);
  return names;
}

bool is_deploy_owed(const StoredHooks& stored, const std::string& live) {
  return !live.empty() && live != stored.settled;
}

/// Each success is on disk before the next hook runs, so that a run that dies does not repeat it.
void deploy(StoredHooks& stored, const std::string& live, const Round& round, const store::Entry& entry,
            HookOutcome& outcome) {
  if (stored.version != live) {
    stored.done.clear();
    stored.trouble.reset();
  }
  stored.version = live;
  for (const Hook& hook : round.hooks()) {
    if (std::ranges::find(stored.done, hook.command) != stored.done.end()) continue;
    if (!round.run(hook, outcome)) continue;
    stored.done.push_back(hook.command);
    save(entry, stored);
  }
  if (!outcome.failures.empty()) {
    const int failures = stored.trouble ? stored.trouble->failures + 1 : 1;
    stored.trouble = {failures, now(), printable(outcome.failures.front().error)};
    return save(entry, stored);
  }
  stored.trouble.reset();
  stored.settled = live;
  stored.version.clear();
  stored.done.clear();
  save(entry, stored);
}

void post(StoredHooks& stored, const Round& round, const store::Entry& entry, HookOutcome& outcome) {
  for (const Hook& hook : round.hooks()) round.run(hook, outcome);
  stored.begun_with.reset();
  save(entry, stored);
}

}  // namespace

HookOutcome run_hooks(HookKind kind, const store::Entry& entry, const store::Home& home,
                      const HookSettings& settings) {
  HookOutcome outcome;
  const StoredHooks stored = stored_hooks(entry).value_or(StoredHooks{});
  const Round round(kind, entry, home, stored, {.names = names_of(entry, settings)});
  for (const Hook& hook : round.hooks()) round.run(hook, outcome);
  return outcome;
}

void require_usable(const Hook& hook, const store::Entry& entry, const store::Home& home) {
  try {
    Round(hook.kind, entry, home, StoredHooks{}.limit, {hook}, {.names = names_of(entry, {})}).ask(hook);
  } catch (const Error& error) {
    throw Error(Exit::config, error.message,
                "its settings are in " + hook_settings_file(home, hook.command) + "; the first lines of " +
                    hook.command + " list them");
  }
}

void begin_hooks(const store::Entry& entry, const store::Home& home, const HookSettings& settings) {
  const std::optional<StoredHooks> known = stored_hooks(entry);
  StoredHooks stored = known.value_or(StoredHooks{});
  const auto has_none = [&](HookKind kind) { return hooks_of(kind, home, stored).empty(); };
  if (std::ranges::all_of(every_hook_kind, has_none)) return;

  const std::string live = live_version(entry);
  if (!known) stored.settled = live;
  stored.begun_with = live;
  save(entry, stored);
  const Round round(HookKind::pre, entry, home, stored, {.names = names_of(entry, settings)});
  for (const Hook& hook : round.hooks()) {
    try {
      round.run(hook);
    } catch (const Error& error) {
      throw error.within(hook.subject());
    }
  }
}

bool hooks_owed(const store::Entry& entry) {
  const std::optional<StoredHooks> stored = stored_hooks(entry);
  return stored && (stored->begun_with || is_deploy_owed(*stored, live_version(entry)));
}

bool hooks_pending(const store::Entry& entry) {
  try {
    return hooks_owed(entry);
  } catch (const Error&) {
    return true;
  }
}

HookOutcome finish_hooks(const store::Entry& entry, const store::Home& home, const HookSettings& settings) {
  HookOutcome outcome;
  std::optional<StoredHooks> stored = stored_hooks(entry);
  if (!stored) return outcome;
  HookFacts facts{.names = names_of(entry, settings)};
  const std::string live = live_version(entry);
  if (settings.is_installed && is_deploy_owed(*stored, live))
    deploy(*stored, live, Round(HookKind::deploy, entry, home, *stored, facts), entry, outcome);
  if (!stored->begun_with) return outcome;
  facts.is_renewed = live != *stored->begun_with;
  post(*stored, Round(HookKind::post, entry, home, *stored, facts), entry, outcome);
  return outcome;
}

void finish_interrupted(const store::Entry& entry, const store::Home& home, const HookSettings& settings) {
  try {
    std::optional<StoredHooks> stored = stored_hooks(entry);
    if (!stored || !stored->begun_with) return;
    const os::Grace grace;
    const HookFacts facts{names_of(entry, settings), live_version(entry) != *stored->begun_with};
    Round round(HookKind::post, entry, home, *stored, facts);
    round.limit(limit_after_signal);
    HookOutcome outcome;
    post(*stored, round, entry, outcome);
    for (const Failure& failure : outcome.failures) log::warn(failure.error);
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

}  // namespace certo::install
