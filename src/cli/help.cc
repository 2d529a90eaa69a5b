// What --help, `certo help` and the README's table show, all from the command table.
#include "cli/help.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/table.h"
#include "console/layout.h"
#include "console/option_sets.h"

namespace certo::cli {

using namespace console;

namespace {

struct GroupTitle {
  Group group;
  const char* title;
};
constexpr std::array group_titles = {
    GroupTitle{Group::porcelain, "Certificates that certo keeps"},
    GroupTitle{Group::plumbing, "Small commands for pipes"},
    GroupTitle{Group::other, "About certo"},
};

std::string usage_line(const Command& command) {
  std::string line = std::string("certo ") + command.name + " [OPTION]…";
  if (const std::string words = usage(command); !words.empty()) line += " " + words;
  return line;
}

std::string flags_column(const Option& option) {
  const std::string brief = short_flag(option);
  std::string text = brief.empty() ? "    " + long_flag(option) : brief + ", " + long_flag(option);
  if (option.metavar) text += std::string(" ") + option.metavar;
  return text;
}

std::string option_help(const Option& option) {
  return std::string(option.help) + (option.is_repeated() && option.metavar ? "; may be repeated" : "");
}

/// All sets share one column, so that the page does not flicker from set to set.
size_t help_column(const std::vector<OptionSet>& sets) {
  size_t widest = 0;
  for (const OptionSet& set : sets) {
    for (const Option& option : set.options) widest = std::max(widest, width(flags_column(option)));
  }
  return 2 + widest + 2;
}

std::string options_text(const Command& command) {
  const std::vector<OptionSet> sets = option_sets(command);
  const size_t column = help_column(sets);
  std::string out;
  std::string_view title;
  for (const OptionSet& set : sets) {
    if (set.title != title) out += std::string("\n") + set.title + ":\n";
    title = set.title;
    for (const Option& option : set.options) {
      out += padded("  " + flags_column(option), column) + wrapped(option_help(option), column) + '\n';
    }
  }
  return out;
}

/// "stdin: …; stdout: …", as far as the command has them.
std::string pipe_line(const Command& command) {
  std::vector<std::string> parts;
  if (std::string_view(command.input) != "-") parts.push_back(std::string("stdin: ") + command.input);
  if (std::string_view(command.output) != "-") parts.push_back(std::string("stdout: ") + command.output);
  return parts.empty() ? "" : "  " + join(parts, "; ") + '\n';
}

}  // namespace

std::string help_text(const Command& command) {
  std::string out = "Examples:\n";
  for (const char* example : command.examples) out += std::string("  ") + example + '\n';
  out += "\nUsage: " + usage_line(command) + "\n  " + command.summary + '\n';
  out += pipe_line(command);
  if (*command.description) out += '\n' + wrapped(command.description, 0) + '\n';
  out += options_text(command);
  if (command.store) {
    out +=
        "\nOptions of the last sets can be set by CERTO_… variables and in certo.conf: see certo help "
        "--man\n";
  }
  return out;
}

std::string overview() {
  std::string out =
      "certo gets, renews and installs TLS certificates over ACME.\n"
      "\n"
      "  certo issue -d example.com --webroot /var/www --agree-tos   # get one and keep it\n"
      "  certo renew --all                                           # renew what is due\n";
  for (const auto& [group, title] : group_titles) {
    out += std::string("\n") + title + ":\n";
    for (const Command* command : commands()) {
      if (command->group == group) out += "  " + padded(command->name, 13) + command->summary + '\n';
    }
  }
  out += "\n'certo COMMAND --help' shows examples and options, 'certo help --man' the manual.\n";
  return out;
}

std::string readme_table() {
  std::string out = "| command | what it does | stdin | stdout |\n|---|---|---|---|\n";
  for (const Command* command : commands()) {
    std::string name = std::string("certo ") + command->name;
    if (const std::string words = usage(*command); !words.empty()) name += " " + words;
    for (const std::string& cell : {"`" + name + "`", std::string(command->summary),
                                    std::string(command->input), std::string(command->output)}) {
      out += "| ";
      for (const char c : cell) out += c == '|' ? "\\|" : std::string(1, c);
      out += ' ';
    }
    out += "|\n";
  }
  return out;
}

}  // namespace certo::cli
