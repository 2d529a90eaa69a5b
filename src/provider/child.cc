#include "provider/child.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/error.h"
#include "base/log.h"
#include "net/trust.h"
#include "net/url.h"
#include "os/cage.h"
#include "os/file.h"
#include "provider/builtins.h"
#include "provider/outside.h"

namespace certo::provider {
namespace {

constexpr size_t kLargestTask = 1 << 20;

Outcome run(const Task& task) {
  const certo_provider* const provider = find_builtin(task.provider);
  if (!provider) throw Error(Exit::bug, "no such provider: " + task.provider);
  for (const auto& [name, value] : task.environment) ::setenv(name.c_str(), value.c_str(), 1);
  log::open(task.is_loud ? log::Level::debug : log::Level::quiet, "");
  net::allow_http_loopback();
  net::allow_http_metadata();
  os::enter_cage({net::system_bundle()});
  Network network(task.resolver, task.deadline);
  return call(*provider, task, network);
}

}  // namespace

int run_child() {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const Task task = parse_task(os::read_all(STDIN_FILENO, kLargestTask, "task"));
    os::write_all(STDOUT_FILENO, to_text(run(task)), "stdout");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(Exit::bug);
  }
}

}  // namespace certo::provider
