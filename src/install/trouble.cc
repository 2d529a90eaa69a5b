#include "install/trouble.h"

#include "base/error.h"
#include "install/attempt.h"
#include "install/hook_list.h"
#include "install/targets.h"
#include "os/file.h"

namespace certo::install {

std::optional<Trouble> trouble_of_installations(const store::Entry& entry) {
  if (os::exists(plan_file(entry))) return {};
  std::optional<Trouble> found;
  try {
    const std::string live = live_version(entry);
    for (const Installation& one : installations(entry)) {
      if (one.version == live) continue;
      if (!one.failed_at) return {};
      if (!found || found->at < *one.failed_at) found = {one.failures, *one.failed_at, one.error};
    }
  } catch (const Error&) {
    return {};
  }
  return found;
}

std::optional<Trouble> trouble_of_hooks(const store::Entry& entry) {
  try {
    const std::optional<StoredHooks> hooks = stored_hooks(entry);
    // Post hooks that are owed do not wait for deploy hooks.
    if (!hooks || hooks->begun_with) return {};
    return hooks->trouble;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace certo::install
