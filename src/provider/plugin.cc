#include "provider/plugin.h"

#include <map>
#include <mutex>

#include "base/error.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "os/trust.h"
#include "provider/child.h"

namespace certo::provider {
namespace {

constexpr Seconds longest_call(10);

Descriptor ask(const std::string& path) {
  Task task;
  task.provider = os::name_of(path);
  task.action = Action::describe;
  task.plugin = path;
  task.deadline = longest_call;
  const Outcome outcome = run_task(task, path);
  if (outcome.status != CERTO_OK)
    throw Error(Exit::config, outcome.why, "providers/README.md describes how to build a plugin");
  return parse_descriptor(outcome.descriptor, path);
}

}  // namespace

Descriptor describe_plugin(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, Descriptor> known;  // a run looks a provider up more than once
  os::trusted_path(path);
  const std::lock_guard guard(mutex);
  const auto found = known.find(path);
  return found != known.end() ? found->second : known.emplace(path, ask(path)).first->second;
}

std::string plugin_host() {
  constexpr const char* sample_name = "certo-provider-host";
  const std::string folder = os::folder_of(os::self_path());
  for (const std::string& place : {folder, os::folder_of(folder) + "/libexec/certo"}) {
    const std::string path = os::path_in(place, sample_name);
    if (!os::exists(path)) continue;
    return os::trusted_program(path);
  }
  throw Error(Exit::config,
              std::string(sample_name) + ": it is not installed, and a provider in a .so needs it",
              "install it next to certo or in " + os::folder_of(folder) + "/libexec/certo");
}

}  // namespace certo::provider
