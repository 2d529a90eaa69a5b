#include "cli/help.h"
#include "cli/table.h"
#include "console/output.h"

namespace certo::console::flag {

constexpr Option man{"--man", Value::none, nullptr, "the manual, certo(1), for man"};
constexpr Option readme_table{"--readme-table", Value::none, nullptr, "the table of commands in Markdown"};

}  // namespace certo::console::flag

namespace certo::cli {

using namespace console;

namespace {

Exit run(const Args& args) {
  if (args.has(flag::man)) {
    print(man_page());
  } else if (args.has(flag::readme_table)) {
    print(readme_table());
  } else if (args.words().empty()) {
    print(overview());
  } else {
    print(help_text(command_named(args.words()[0])));
  }
  return Exit::ok;
}

}  // namespace

extern const Command help_command{
    .name = "help",
    .group = Group::other,
    .summary = "explain certo or one of its commands",
    .word = {Value::topic, "[COMMAND]", 0, 1},
    .output = "text",
    .options = {flag::man, flag::readme_table},
    .examples = {"certo help", "certo help issue", "certo help --man | man -l -"},
    .run = run,
    .store = false,
};

}  // namespace certo::cli
