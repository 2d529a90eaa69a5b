// certo version.
// Defines version_command of commands/commands.h.
#include "base/version.h"

#include "commands/commands.h"
#include "commands/context.h"
#include "os/packed.h"

CERTO_CARRY(notices);

namespace certo::console::flag {

constexpr Option licenses{"--licenses", Value::none, nullptr,
                          "show the licenses of certo and of all that is linked in"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

Exit run(const Args& args) {
  if (args.has(flag::json)) {
    Json json = Json::object();
    json.set("certo", "version/1").set("version", version());
    if (args.has(flag::licenses)) json.set("licenses", CERTO_CARRIED(notices));
    print_json(json);
  } else if (args.has(flag::licenses)) {
    print(CERTO_CARRIED(notices));
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
    .options = {flag::licenses},
    .examples = {"certo version", "certo version --json", "certo version --licenses"},
    .run = run,
    .store = false,
};

}  // namespace certo::commands
