#include "provider/child.h"

#include <fcntl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "base/warn_once.h"
#include "net/trust.h"
#include "net/url.h"
#include "os/cage.h"
#include "os/child.h"
#include "os/file.h"
#include "os/terminal.h"
#include "os/trust.h"
#include "provider/builtins.h"
#include "provider/executable.h"
#include "provider/mask.h"
#include "provider/outside.h"
#include "provider/plugin.h"
#include "recipe/recipe.h"

namespace certo::provider {
namespace {

constexpr size_t largest_task = 1 << 20;

// ---- in the parent ----

constexpr const char* passed_variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY",
                                            "all_proxy",  "ALL_PROXY",   "no_proxy",
                                            "NO_PROXY",   "HTTP_PROXY",  "SSL_CERT_FILE"};

void forward_debug(const std::string& name, const std::string& errors) {
  for (const std::string& line : split(errors, '\n')) {
    if (!line.empty()) log::debug(name + ": " + line);
  }
}

/// Once, because it is the same for every provider.
void warn_of_missing_protections() {
  const std::vector<std::string> missing = os::missing_protections();
  if (missing.empty()) return;
  log::warn_once("this kernel has no " + join(missing, " and no ") +
                 ": a DNS provider could read files that it is not given");
}

/// Why a child ended without an outcome.
Error failure(const std::string& name, const os::Finished& finished, Millis deadline) {
  if (finished.timed_out) {
    const auto seconds = std::chrono::duration_cast<Seconds>(deadline).count();
    return Error(Exit::unreachable, name + ": did not end within " + spoken_duration(seconds),
                 "the service may be slow now; --deadline allows more time");
  }
  const std::string hint = "please report it with the last lines of 'certo -vv …'";
  if (finished.status > 128)
    return Error(Exit::failed, name + ": crashed by signal " + std::to_string(finished.status - 128), hint);
  const std::string line = last_line(finished.errors);
  return Error(Exit::failed, name + ": " + (line.empty() ? "gave no answer" : line), hint);
}

// ---- in the child ----

/// Called outside of the cage, in which groups cannot be looked up.
os::Fd open_plugin(const Task& task) {
  return task.plugin.empty() ? os::Fd() : os::open_trusted(task.plugin);
}

const certo_provider& provider_of(const Task& task, const os::Fd& plugin) {
  if (plugin) {
    if (!&load_plugin) throw Error(Exit::bug, "a static program cannot load " + task.plugin);
    return load_plugin(task.plugin, plugin);
  }
  if (const certo_provider* provider = find_builtin(task.provider)) return *provider;
  throw Error(Exit::bug, "no such provider: " + task.provider);
}

Outcome run(const Task& task) {
  for (const auto& [name, value] : task.environment) ::setenv(name.c_str(), value.c_str(), 1);
  log::open(task.is_loud ? log::Level::debug : log::Level::quiet, {});
  net::allow_http_loopback();
  net::allow_http_metadata();
  try {
    const os::Fd plugin = open_plugin(task);
    os::enter_cage({net::system_bundle(), task.plugin});
    if (!task.recipe.empty()) {
      Network network(task.resolvers, task.deadline);
      return call(recipe::parse(task.recipe, task.provider), task, network);
    }
    const certo_provider& provider = provider_of(task, plugin);
    const Descriptor descriptor = describe(provider, task.plugin.empty() ? task.provider : task.plugin);
    if (task.action == Action::describe) return {CERTO_OK, "", to_json(descriptor)};
    Network network(task.resolvers, task.deadline);
    return call(provider, task, network);
  } catch (const Error& error) {
    if (error.code != Exit::config) throw;
    return {CERTO_CONFIG, error.message, {}};
  }
}

}  // namespace

Values connection_environment() {
  Values values;
  for (const char* name : passed_variables) {
    if (std::string value = os::environment(name); !value.empty()) values[name] = std::move(value);
  }
  return values;
}

Outcome run_task(const Task& asked, const std::string& name) {
  Task task = asked;
  task.environment = connection_environment();
  task.is_loud = log::level() == log::Level::debug;
  os::Command command;
  if (task.plugin.empty()) {
    command.argv = {"certo", child_word};
    command.program = os::self_fd();
  } else {
    command.argv = {plugin_host(), child_word};
  }
  command.environment = {"LC_ALL=C"};
  command.input = to_text(task);
  command.deadline = task.deadline;
  command.kills_the_rest = true;
  warn_of_missing_protections();
  os::Finished finished = os::run(command);
  // The code that ran is not trusted to keep them to itself.
  const Mask mask(task.settings, {task.records.begin(), task.records.end()});
  finished.errors = mask(finished.errors);
  forward_debug(name, finished.errors);
  if (finished.timed_out || finished.status != 0) throw failure(name, finished, task.deadline);
  Outcome outcome = parse_outcome(finished.output, name + ": its answer");
  outcome.why = mask(outcome.why);
  return outcome;
}

int run_child() {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    // The provider's own output must not mix with the outcome.
    const os::Fd answer(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    const Task task = parse_task(os::read_all(STDIN_FILENO, largest_task, "task"));
    os::write_all(answer.get(), to_text(run(task)), "stdout");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(Exit::bug);
  }
}

}  // namespace certo::provider
