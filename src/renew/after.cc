#include "renew/after.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "renew/due.h"

namespace certo::renew {
namespace {

using Troubles = std::map<std::string, std::optional<install::Trouble>>;

constexpr int daily = 3;  // from this failure on, the waits are a day

bool waits(const PassResult& result, const std::optional<install::Trouble>& trouble,
           const PassSettings& settings) {
  return settings.is_scheduled && result.outcome != Outcome::renewed &&
         is_too_early(trouble, settings.clock());
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

bool is_known(const std::optional<install::Trouble>& before, const std::optional<install::Trouble>& after) {
  return before && after && before->error == after->error && after->failures <= daily;
}

void install_all(const store::Home& home, std::vector<PassResult>& results, const PassSettings& settings) {
  std::vector<std::string> names;
  Troubles before;
  for (PassResult& result : results) {
    const store::Entry entry(home, result.name);
    if (!install::is_pending(entry)) continue;
    const std::optional<install::Trouble> trouble = install::trouble_of_installations(entry);
    if (waits(result, trouble, settings)) {
      result.delivery = {.name = result.name, .failure = failure_again(*trouble), .is_known = true};
      continue;
    }
    names.push_back(result.name);
    before[result.name] = trouble;
  }
  for (install::Delivery& delivery :
       install::deliver(home, names, {.lock_timeout = settings.session.lock_timeout})) {
    const store::Entry entry(home, delivery.name);
    delivery.is_known = delivery.failure.code != Exit::ok &&
                        is_known(before[delivery.name], install::trouble_of_installations(entry));
    std::ranges::find(results, delivery.name, &PassResult::name)->delivery = std::move(delivery);
  }
}

void finish_hooks(const store::Home& home, PassResult& result, const PassSettings& settings) {
  const store::Entry entry(home, result.name);
  if (!install::hooks_pending(entry)) return;
  try {
    const std::optional<install::Trouble> before = install::trouble_of_hooks(entry);
    if (waits(result, before, settings)) {
      result.hooks = {.failures = {failure_again(*before)}, .is_known = true};
      return;
    }
    const std::optional<os::Lock> lock = entry.try_lock();
    if (!lock) return;
    const bool is_installed = !install::is_pending(entry);
    install::HookOutcome outcome = install::finish_hooks(entry, home, {.is_installed = is_installed});
    if (outcome.ran == 0) return;
    result.hooks = std::move(outcome);
    result.hooks->is_known = is_known(before, install::trouble_of_hooks(entry));
  } catch (const Interrupted&) {
    install::finish_interrupted(entry, home, {});
    throw;
  } catch (const Error& error) {
    result.hooks = {.failures = {failure_of(error.within("hooks"))}};
  }
}

}  // namespace certo::renew
