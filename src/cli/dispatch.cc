// From argv to one command.
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "cli/acmesh.h"
#include "cli/command.h"
#include "cli/context.h"
#include "net/url.h"
#include "os/file.h"

namespace certo::cli {
namespace {

/// Nothing but options: --version and --help mean the commands of that name.
Exit run_without_command(const std::vector<std::string>& options) {
  const auto given = [&](const char* flag) { return std::ranges::find(options, flag) != options.end(); };
  if (given("--version") || given("-V")) return dispatch({"version"});
  if (given("--help") || given("-h")) return dispatch({"help"});
  os::write_all(STDERR_FILENO, overview(), "standard error");
  return Exit::usage;
}

log::Level log_level(const Args& args) {
  const size_t louder = args.all("--verbose").size();
  if (args.has("--quiet") && louder > 0) throw Error(Exit::usage, "--quiet and --verbose exclude each other");
  if (args.has("--quiet")) return log::Level::quiet;
  if (louder == 0) return log::Level::normal;
  return louder == 1 ? log::Level::verbose : log::Level::debug;
}

Exit run(const Command& command, Args& args) {
  if (args.has("--help")) {
    print(help_text(command));
    return Exit::ok;
  }
  add_defaults(args, command);
  log::open(log_level(args), args.get("--log"));
  if (args.has("--allow-http-loopback")) net::allow_http_loopback();
  return command.run(args);
}

}  // namespace

Exit dispatch(const std::vector<std::string>& arguments) {
  if (is_acmesh(arguments)) return run_acmesh(arguments);
  const std::vector<std::string> turned = command_first(arguments);
  if (turned.empty()) return run_without_command(arguments);
  const Command& command = command_named(turned[0]);
  Args args = parse(command, {turned.begin() + 1, turned.end()});
  try {
    return run(command, args);
  } catch (Error& error) {
    if (error.code == Exit::usage && error.hint.empty()) {
      error.hint = std::string("see: certo ") + command.name + " --help";
    }
    throw;
  }
}

}  // namespace certo::cli
