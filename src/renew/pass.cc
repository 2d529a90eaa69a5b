#include "renew/pass.h"

#include <algorithm>
#include <mutex>

#include "base/log.h"
#include "base/side_by_side.h"
#include "base/sort.h"
#include "challenge/manual.h"
#include "renew/after.h"
#include "renew/due.h"
#include "renew/refresh.h"
#include "renew/several.h"
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

/// That of a renewal; its names may be missing.
Failure failure_of(const std::vector<LeftOut>& left_out) {
  if (left_out.empty()) return {};
  return {.code = Exit::failed, .error = "issued without " + describe(left_out)};
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

  PassRun run() {
    for (size_t at = 0; at < names_.size(); ++at)
      results_[at] = {.name = names_[at], .outcome = Outcome::not_tried};
    std::optional<Interrupted> interrupted;
    try {
      renew_all();
      install_all(home_, results_, settings_);
      for (PassResult& result : results_) {
        finish_hooks(home_, result, settings_);
        if (result.delivery || result.hooks) settings_.news.finished(result);
      }
    } catch (const Interrupted& signal) {
      interrupted = signal;
    }
    log::show_progress("");
    return {std::move(results_), interrupted};
  }

 private:
  void renew_all() {
    const size_t threads = std::max<size_t>(settings_.jobs, 1);
    {
      const log::Waiting live("looking which certificates are due");
      side_by_side(names_.size(), threads, [this](size_t at) { look(results_[at]); });
    }
    std::vector<PassResult*> due;
    for (PassResult& result : results_) {
      if (result.outcome == Outcome::not_tried)
        due.push_back(&result);
      else
        settings_.news.ended(result, {});
    }
    sort_stably(due, ends_before, &PassResult::not_after);
    counter_.all = due.size();
    show_progress();
    side_by_side(due.size(), threads, [&](size_t at) {
      const log::Subject subject(due.size() > 1 ? due[at]->name : "");
      *due[at] = result_of(due[at]->name);
      tell(*due[at]);
    });
  }

  void show_progress() const {
    if (counter_.all > 1)
      log::show_progress(std::to_string(counter_.ended) + " of " + std::to_string(counter_.all));
  }

  void tell(const PassResult& result) {
    const std::lock_guard hold(telling_);
    ++counter_.ended;
    show_progress();
    settings_.news.ended(result, counter_);
  }

  /// Changes the result of a certificate that must not be renewed now. Others are looked at again under their
  /// lock; a failure comes back then, and is reported.
  void look(PassResult& result) {
    try {
      const store::Entry entry(home_, result.name);
      const store::Status status = refresh(entry, sessions_, settings_.clock(), EntryLock::free);
      if (!is_wanted(due(status, settings_.clock()), settings_))
        result = waiting(entry, status, settings_.clock());
      else
        result.not_after = status.not_after;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      log::debug(result.name + ": " + error.what());
    }
  }

  /// Throws only what concerns all.
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
      PassResult result = failed_before(name, error);
      result.failure.explanation = explained(name, error);
      return result;
    } catch (const std::exception& error) {
      return failed(name, Error(Exit::bug, error.what()));
    }
  }

  Explanation explained(const std::string& name, const Error& error) const {
    if (!settings_.explain) return {};
    try {
      return settings_.explain(name, error);
    } catch (const Interrupted&) {
      install::finish_interrupted(store::Entry(home_, name), home_, {});
      throw;
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
    const os::Lock lock = entry.lock_existing(settings_.session.lock_timeout);
    entry.adopt();
    // Another run may have renewed it meanwhile.
    const store::Status status = refresh(entry, sessions_, settings_.clock(), EntryLock::held);
    if (!is_wanted(due(status, settings_.clock()), settings_))
      return waiting(entry, status, settings_.clock());
    try {
      const IssueResult result = renew(entry, status);
      return {.name = entry.name(),
              .outcome = Outcome::renewed,
              .failure = failure_of(result.left_out),
              .due = result.due,
              .not_after = result.live.chain.front().not_after,
              .left_out = result.left_out};
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
    install::add_hooks(entry, settings_.hooks);
    install::begin_hooks(entry, home_, {});
    return issue(sessions_, home_, entry, request, settings_.solving(),
                 {.allow_older = settings_.force || !status.renew_because.empty()});
  }

  const store::Home& home_;
  const PassSettings& settings_;
  Sessions sessions_;
  const std::vector<std::string> names_;
  std::vector<PassResult> results_;  // one for each name; each is written by one thread
  std::mutex telling_;               // of counter_ and news
  Counter counter_;
  std::mutex person_;
};

}  // namespace

challenge::SolverSettings PassSettings::solving() const {
  return {.deadline = Deadline(session.time_limit),
          .lock_timeout = session.lock_timeout,
          .ip_version = session.ip_version,
          .is_attended = is_attended};
}

PassRun run_pass(const store::Home& home, const PassSettings& settings) { return Pass(home, settings).run(); }

}  // namespace certo::renew
