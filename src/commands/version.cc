// certo version.
// Defines version_command of commands/commands.h.
#include "base/version.h"

#include <string_view>

#include "commands/commands.h"
#include "commands/context.h"

// clang-format off
__asm__(
    ".pushsection .rodata\n"
    ".local certo_notices, certo_notices_end\n"
    "certo_notices: .incbin \"" CERTO_NOTICES "\"\n"
    "certo_notices_end: .byte 0\n"
    ".popsection\n");
// clang-format on
// Hidden, as in recipe/carried.cc.
extern "C" [[gnu::visibility("hidden")]] const char certo_notices[], certo_notices_end[];

namespace certo::console::flag {

constexpr Option licenses{"--licenses", Value::none, nullptr,
                          "show the licenses of certo and of all that is linked in"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

Exit run(const Args& args) {
  const std::string notices(certo_notices, static_cast<size_t>(certo_notices_end - certo_notices));
  if (args.has(flag::json)) {
    Json json = Json::object();
    json.set("certo", "version/1").set("version", version());
    if (args.has(flag::licenses)) json.set("licenses", notices);
    print_json(json);
  } else if (args.has(flag::licenses)) {
    print(notices);
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
