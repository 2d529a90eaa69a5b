// certo version.
// Defines version_command of commands/commands.h.
#include "base/version.h"
#include "commands/commands.h"
#include "commands/context.h"

namespace certo::commands {
namespace {

Exit run(const Args& args) {
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "version/1"}, {"version", version()}}));
  } else {
    print(std::string("certo ") + version() + "\n");
  }
  return Exit::ok;
}

}  // namespace

const Command version_command{
    .name = "version",
    .group = Group::other,
    .summary = "show the version",
    .output = "version",
    .examples = {"certo version", "certo version --json"},
    .run = run,
    .store = false,
};

}  // namespace certo::commands
