// certo help: the overview, a command, a topic, and the man pages. Defines help_command, which cli/table.cc
// declares.
#include "base/error.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/table.h"
#include "cli/topics.h"
#include "console/output.h"

namespace certo::console::flag {

constexpr Option man{"--man", Value::none, nullptr, "as a man page: certo(1), or that of a topic"};
constexpr Option readme_table{"--readme-table", Value::none, nullptr, "the table of commands in Markdown",
                              rare};

}  // namespace certo::console::flag

namespace certo::cli {

using namespace console;

namespace {

/// A topic comes before the command of the same name, which has --help.
std::string explanation(const std::string& word) {
  if (const Topic* topic = find_topic(word)) {
    const std::string more = find_command(word) ? "\nThe command: certo " + word + " --help\n" : "";
    return topic_text(*topic) + more;
  }
  if (const Command* command = find_command(word)) return help_text(*command, Extent::brief);
  std::vector<std::string> known = topic_names();
  for (const Command* command : commands()) known.emplace_back(command->name);
  throw Error(
      Exit::usage, "there is no command or topic '" + word + "'",
      did_you_mean(word, known, "'certo help ", "'").value_or("'certo help' lists commands and topics"));
}

std::string man_page_of(const std::string& word) {
  if (const Topic* topic = find_topic(word)) return topic_page(*topic);
  throw Error(Exit::usage, "there is no man page for '" + word + "'",
              did_you_mean(word, topic_names(), "'certo help --man ", "'")
                  .value_or("commands are in certo(1): 'certo help --man'"));
}

Exit run(const Args& args) {
  const std::string word = args.words().empty() ? "" : args.words().front();
  if (args.has(flag::man)) {
    print(word.empty() ? man_page() : man_page_of(word));
  } else if (args.has(flag::readme_table)) {
    print(readme_table());
  } else {
    print(word.empty() ? overview() : explanation(word));
  }
  return Exit::ok;
}

}  // namespace

extern const Command help_command{
    .name = "help",
    .group = Group::other,
    .summary = "explain certo, a command or a topic",
    .word = {Value::topic, "[COMMAND|TOPIC]", 0, 1},
    .output = "text",
    .options = {flag::man, flag::readme_table},
    .examples = {"certo help", "certo help issue", "certo help dns-program", "certo help --man | man -l -"},
    .run = run,
    .store = false,
};

}  // namespace certo::cli
