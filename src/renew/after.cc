#include "renew/after.h"

#include <algorithm>

#include "base/error.h"
#include "renew/due.h"

namespace certo::renew {
namespace {

bool waits(const PassResult& result, const std::optional<install::Trouble>& trouble,
           const PassSettings& settings) {
  return settings.is_scheduled && result.outcome != Outcome::renewed &&
         is_too_early(trouble, settings.clock());
}

/// What a person has seen does not count, because another one may read the schedule's mail.
bool is_known(const std::string& name, const std::optional<install::Trouble>& trouble,
              const PassSettings& settings) {
  return trouble && settings.was_reported && settings.was_reported(name + ": " + trouble->error);
}

Failure failure_again(const install::Trouble& trouble) {
  return {.code = Exit::not_installed, .error = trouble.error};
}

}  // namespace

bool is_too_early(const std::optional<install::Trouble>& trouble, Time now) {
  if (!trouble) return false;
  const Time retry_at = trouble->at + back_off(trouble->failures, trouble->at, Time{});
  // A later time comes from a clock that was wrong.
  return retry_at > now && trouble->at <= now;
}

void install_all(const store::Home& home, std::vector<PassResult>& results, const PassSettings& settings) {
  std::vector<std::string> names;
  for (PassResult& result : results) {
    const store::Entry entry(home, result.name);
    if (!install::is_pending(entry)) continue;
    const std::optional<install::Trouble> trouble = install::trouble_of_installations(entry);
    if (waits(result, trouble, settings)) {
      result.delivery = {.name = result.name,
                         .failure = failure_again(*trouble),
                         .is_known = is_known(result.name, trouble, settings)};
      continue;
    }
    names.push_back(result.name);
  }
  for (install::Delivery& delivery :
       install::deliver(home, names, {.lock_timeout = settings.session.lock_timeout})) {
    const store::Entry entry(home, delivery.name);
    delivery.is_known = delivery.failure.code != Exit::ok &&
                        is_known(delivery.name, install::trouble_of_installations(entry), settings);
    std::ranges::find(results, delivery.name, &PassResult::name)->delivery = std::move(delivery);
  }
}

void finish_hooks(const store::Home& home, PassResult& result, const PassSettings& settings) {
  const store::Entry entry(home, result.name);
  if (!install::hooks_pending(entry)) return;
  try {
    const std::optional<install::Trouble> before = install::trouble_of_hooks(entry);
    if (waits(result, before, settings)) {
      result.hooks = {.failures = {failure_again(*before)},
                      .is_known = is_known(result.name, before, settings)};
      return;
    }
    const std::optional<os::Lock> lock = entry.try_lock();
    if (!lock) return;
    const bool is_installed = !install::is_pending(entry);
    install::HookOutcome outcome = install::finish_hooks(entry, home, {.is_installed = is_installed});
    if (outcome.ran == 0) return;
    result.hooks = std::move(outcome);
    result.hooks->is_known = is_known(result.name, install::trouble_of_hooks(entry), settings);
  } catch (const Interrupted&) {
    install::finish_interrupted(entry, home, {});
    throw;
  } catch (const Error& error) {
    result.hooks = {.failures = {failure_of(error.within("hooks"))}};
  }
}

}  // namespace certo::renew
