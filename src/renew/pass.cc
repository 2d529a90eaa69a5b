#include "renew/pass.h"

#include "base/log.h"
#include "base/text.h"
#include "renew/due.h"
#include "renew/refresh.h"

namespace certo::renew {
namespace {

bool is_wanted(Due due, const PassSettings& settings) {
  if (settings.force) return true;
  // A back-off keeps a timer from asking in vain; a person who names the certificate knows better.
  return due == Due::now || (due == Due::held_back && !settings.names.empty());
}

PassResult told(const store::Entry& entry, const store::Status& status, Outcome outcome) {
  return {.name = entry.name(), .outcome = outcome, .due = status.due, .not_after = status.not_after};
}

PassResult renew_one(const store::Home& home, const store::Entry& entry, Sessions& sessions,
                     const PassSettings& settings) {
  store::Status status = refresh(entry, sessions, now(), false);
  Due when = due(status, now());
  if (!is_wanted(when, settings))
    return told(entry, status, when == Due::later ? Outcome::not_due : Outcome::held_back);

  os::Lock lock = entry.lock(settings.session.lock_timeout);
  entry.adopt();
  status = refresh(entry, sessions, now(), true);  // another run may have renewed it meanwhile
  if (!is_wanted(due(status, now()), settings)) return told(entry, status, Outcome::not_due);
  store::Request request = entry.request();
  try {
    install::begin_hooks(entry, home, {});
    Session& session = sessions.of(request);
    session.restart_clock();
    IssueResult result = issue(session, home, entry, request,
                               {.way = {},
                                .deadline = Deadline(settings.session.time_limit),
                                .lock_timeout = settings.session.lock_timeout,
                                .ip_version = settings.session.ip_version,
                                .is_attended = settings.is_attended},
                               settings.force);
    return {.name = entry.name(),
            .outcome = Outcome::renewed,
            .due = result.due,
            .not_after = result.live.chain.front().not_after};
  } catch (const Error& error) {
    if (error.code != Exit::interrupted) note_failure(entry, error, now());
    throw;
  }
}

PassResult failed(const std::string& name, const Error& error) {
  PassResult result{.name = name, .outcome = Outcome::failed, .code = error.code};
  result.error = error.message;
  result.hint = error.hint;
  return result;
}

/// Runs the hooks that are owed after all this. Those of an entry that another run holds are its affair.
void finish_hooks(const store::Home& home, PassResult& result) {
  const store::Entry entry(home, result.name);
  if (!install::hooks_pending(entry)) return;
  try {
    const std::optional<os::Lock> lock = entry.try_lock();
    if (!lock) return;
    const bool is_installed = !install::is_pending(entry);
    install::HookOutcome outcome = install::finish_hooks(entry, home, {.is_installed = is_installed});
    if (outcome.ran > 0) result.hooks = std::move(outcome);
  } catch (const Error& error) {
    if (error.code == Exit::interrupted) {
      install::finish_interrupted(entry, home, {});
      throw;
    }
    result.hooks = {.failures = {{error.code, "hooks: " + error.message, error.hint}}};
  }
}

/// Of a renewal that failed, too: the version before may still be pending.
void install_all(const store::Home& home, std::vector<PassResult>& results, Millis lock_timeout) {
  std::vector<std::string> names;
  for (const PassResult& result : results)
    if (install::is_pending(store::Entry(home, result.name))) names.push_back(result.name);
  for (install::Delivery& delivery : install::deliver(home, names, {.lock_timeout = lock_timeout}))
    for (PassResult& result : results)
      if (result.name == delivery.name) result.delivery = delivery;
}

}  // namespace

std::vector<PassResult> run_pass(const store::Home& home, const PassSettings& settings) {
  std::vector<PassResult> results;
  Sessions sessions(home, settings.session);
  for (const std::string& name : settings.names.empty() ? store::entries(home) : settings.names) {
    try {
      results.push_back(renew_one(home, store::Entry(home, name), sessions, settings));
    } catch (const challenge::PersonNeeded& error) {
      results.push_back(failed(name, error));
      results.back().outcome = Outcome::needs_person;
      results.back().records = error.records;
    } catch (const Error& error) {
      if (error.code == Exit::interrupted) {
        install::finish_interrupted(store::Entry(home, name), home, {});
        throw;
      }
      results.push_back(failed(name, error));
    }
  }
  install_all(home, results, settings.session.lock_timeout);
  for (PassResult& result : results) finish_hooks(home, result);
  return results;
}

}  // namespace certo::renew
