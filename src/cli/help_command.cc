#include "cli/help.h"
#include "cli/table.h"
#include "console/output.h"

namespace certo::cli {

using namespace console;

namespace {

Exit run(const Args& args) {
  if (args.has("--man")) {
    print(man_page());
  } else if (args.has("--readme-table")) {
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
    .usage = "[COMMAND]",
    .input = "-",
    .output = "text",
    .options = {{"--man", Value::none, nullptr, "the manual, certo(1), for man"},
                {"--readme-table", Value::none, nullptr, "the table of commands in Markdown"}},
    .examples = {"certo help", "certo help issue", "certo help --man | man -l -"},
    .description = "",
    .run = run,
    .words_least = 0,
    .words_most = 1,
    .store = false,
};

}  // namespace certo::cli
