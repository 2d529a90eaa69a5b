#include "renew/pass.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "challenge/manual.h"
#include "renew/due.h"
#include "renew/refresh.h"
#include "store/test_certificate.h"

namespace certo::renew {
namespace {

bool is_wanted(Due due, const PassSettings& settings) {
  if (settings.force) return true;
  // The back-off prevents futile requests of a timer; a person who names the certificate knows better.
  return due == Due::now || (due == Due::held_back && !settings.names.empty());
}

PassResult not_due(const store::Entry& entry, const store::Status& status) {
  return {
      .name = entry.name(), .outcome = Outcome::not_due, .due = status.due, .not_after = status.not_after};
}

/// It is due, and has to wait: not all that was due is done.
PassResult held_back(const store::Entry& entry, const store::Status& status) {
  return {.name = entry.name(),
          .outcome = Outcome::held_back,
          .failure = {Exit::later, status.last_error.empty() ? "an earlier failure" : status.last_error},
          .due = status.due,
          .not_after = status.not_after,
          .retry_at = status.retry_at};
}

PassResult waiting(const store::Entry& entry, const store::Status& status, Time now) {
  return due(status, now) == Due::held_back ? held_back(entry, status) : not_due(entry, status);
}

PassResult failed(const std::string& name, const Error& error) {
  PassResult result{.name = name, .outcome = Outcome::failed, .failure = failure_of(error)};
  std::string& said = result.failure.error;
  if (said.starts_with(name + ": ")) said.erase(0, name.size() + 2);
  return result;
}

/// Runs the hooks that are still owed. If another run holds the entry, that run does it.
void finish_hooks(const store::Home& home, PassResult& result) {
  const store::Entry entry(home, result.name);
  if (!install::hooks_pending(entry)) return;
  try {
    const std::optional<os::Lock> lock = entry.try_lock();
    if (!lock) return;
    const bool is_installed = !install::is_pending(entry);
    install::HookOutcome outcome = install::finish_hooks(entry, home, {.is_installed = is_installed});
    if (outcome.ran > 0) result.hooks = std::move(outcome);
  } catch (const Interrupted&) {
    install::finish_interrupted(entry, home, {});
    throw;
  } catch (const Error& error) {
    result.hooks = {.failures = {failure_of(error.within("hooks"))}};
  }
}

/// Also after a failed renewal: the version before it may still be pending.
void install_all(const store::Home& home, std::vector<PassResult>& results, Millis lock_timeout) {
  std::vector<std::string> names;
  for (const PassResult& result : results)
    if (install::is_pending(store::Entry(home, result.name))) names.push_back(result.name);
  for (install::Delivery& delivery : install::deliver(home, names, {.lock_timeout = lock_timeout}))
    for (PassResult& result : results)
      if (result.name == delivery.name) result.delivery = delivery;
}

bool is_manual(const store::Ways& ways) {
  return std::ranges::any_of(ways.all(), [](const store::Way* way) {
    const auto* const dns = std::get_if<store::Dns>(way);
    return dns && dns->provider == challenge::manual;
  });
}

class Pass {
 public:
  Pass(const store::Home& home, const PassSettings& settings)
      : home_(home),
        settings_(settings),
        sessions_(home, settings.session),
        names_(settings.names.empty() ? store::entries(home) : settings.names),
        results_(names_.size()) {}

  std::vector<PassResult> run() {
    const size_t threads = std::min(std::max<size_t>(settings_.jobs, 1), names_.size());
    {
      std::vector<std::jthread> others;
      for (size_t i = 1; i < threads; ++i) others.emplace_back([this] { work(); });
      work();
    }
    if (broken_) std::rethrow_exception(broken_);
    install_all(home_, results_, settings_.session.lock_timeout);
    for (const PassResult& result : results_)
      if (result.delivery) tell(result, Stage::installation);
    for (PassResult& result : results_) {
      finish_hooks(home_, result);
      if (result.hooks) tell(result, Stage::hooks);
    }
    return std::move(results_);
  }

 private:
  void tell(const PassResult& result, Stage stage) {
    if (!settings_.tell) return;
    const std::lock_guard guard(telling_);
    settings_.tell(result, stage);
  }

  /// Handles one certificate after the other, until none is left or a failure concerns all.
  void work() {
    try {
      for (size_t at = next_++; at < names_.size() && !is_broken_; at = next_++) {
        results_[at] = result_of(names_[at]);
        tell(results_[at], Stage::renewal);
      }
    } catch (...) {
      if (!is_broken_.exchange(true)) broken_ = std::current_exception();
    }
  }

  /// Throws only failures that concern all.
  PassResult result_of(const std::string& name) {
    try {
      return renew_if_due(store::Entry(home_, name));
    } catch (const challenge::PersonNeeded& error) {
      PassResult result = failed(name, error);
      result.outcome = Outcome::needs_person;
      result.records = error.records;
      return result;
    } catch (const Interrupted&) {
      install::finish_interrupted(store::Entry(home_, name), home_, {});
      throw;
    } catch (const Error& error) {
      return failed_before(name, error);
    } catch (const std::exception& error) {
      return failed(name, Error(Exit::bug, error.what()));
    }
  }

  /// With what status.json knows of earlier failures, if it can be read.
  PassResult failed_before(const std::string& name, const Error& error) const {
    PassResult result = failed(name, error);
    try {
      const store::Status status = store::Entry(home_, name).status();
      result.failing_since = status.failing_since;
      result.retry_at = status.retry_at;
    } catch (const Error&) {  // reported with the failure, or the failure itself
    }
    return result;
  }

  /// Writes the failure down. If that is not possible, the failure itself is still reported.
  void try_to_note(const store::Entry& entry, const Error& error) const {
    try {
      note_failure(entry, error, settings_.clock());
    } catch (const Error& other) {
      if (other.message != error.message) log::warn(entry.name() + ": " + other.message);
    }
  }

  PassResult renew_if_due(const store::Entry& entry) {
    store::Status status = refresh(entry, sessions_, settings_.clock(), EntryLock::free);
    if (!is_wanted(due(status, settings_.clock()), settings_))
      return waiting(entry, status, settings_.clock());

    const os::Lock lock = entry.lock_existing(settings_.session.lock_timeout);
    entry.adopt();
    status = refresh(entry, sessions_, settings_.clock(),
                     EntryLock::held);  // another run may have renewed it meanwhile
    if (!is_wanted(due(status, settings_.clock()), settings_))
      return waiting(entry, status, settings_.clock());
    try {
      const IssueResult result = renew(entry, status);
      return {.name = entry.name(),
              .outcome = Outcome::renewed,
              .due = result.due,
              .not_after = result.live.chain.front().not_after};
    } catch (const GateClosed& closed) {
      // Not a failure of this certificate: the CA refused another one.
      note_wait(entry, closed, settings_.clock());
      if (!settings_.names.empty()) throw;
      return held_back(entry, entry.status());
    } catch (const Error& error) {
      try_to_note(entry, error);
      throw;
    }
  }

  IssueResult renew(const store::Entry& entry, const store::Status& status) {
    const store::Request request = entry.request();
    store::keep_apart(home_, entry, request.directory);
    // A person works on one certificate at a time.
    std::unique_lock person(person_, std::defer_lock);
    if (settings_.is_attended && is_manual(request.ways)) person.lock();
    install::begin_hooks(entry, home_, {});
    return issue(sessions_.of(request), home_, entry, request, settings_.solving(),
                 settings_.force || !status.renew_because.empty());
  }

  const store::Home& home_;
  const PassSettings& settings_;
  Sessions sessions_;
  const std::vector<std::string> names_;
  std::vector<PassResult> results_;  // one for each name; each is written by one thread
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> is_broken_ = false;
  std::exception_ptr broken_;  // read when all threads have ended
  std::mutex person_, telling_;
};

}  // namespace

challenge::SolverSettings PassSettings::solving() const {
  return {.deadline = Deadline(session.time_limit),
          .lock_timeout = session.lock_timeout,
          .ip_version = session.ip_version,
          .is_attended = is_attended};
}

std::vector<PassResult> run_pass(const store::Home& home, const PassSettings& settings) {
  return Pass(home, settings).run();
}

}  // namespace certo::renew
