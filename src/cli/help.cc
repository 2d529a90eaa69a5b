// What --help, `certo help` and the README's table show, all from the command table.
#include "cli/help.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/table.h"
#include "cli/topics.h"
#include "console/layout.h"

namespace certo::cli {

using namespace console;

namespace {

constexpr size_t columns_of_page = 80, widest_column = 32;
constexpr int most_examples = 4, most_lines = 40;  // of a brief text

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
  const std::string words = usage(command);
  // The list of sub-commands below has them, too.
  const bool is_too_long =
      width("Usage: " + line + " " + words) > columns_of_page && !command.subcommands.empty();
  if (!words.empty()) line += " " + (is_too_long ? "SUBCOMMAND" : words);
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

bool is_shown(const Option& option, Extent extent) { return extent == Extent::all || !option.is_rare(); }

/// All sets share one column, so that the page does not flicker from set to set.
size_t help_column(const std::vector<OptionSet>& sets, Extent extent) {
  size_t widest = 0;
  for (const OptionSet& set : sets) {
    for (const Option& option : set.options)
      if (is_shown(option, extent)) widest = std::max(widest, width(flags_column(option)));
  }
  return std::min(2 + widest + 2, widest_column);
}

std::string option_text(const Option& option, size_t column, Extent extent) {
  const std::string flags = "  " + flags_column(option);
  const std::string margin = width(flags) + 2 > column ? "\n" + std::string(column, ' ') : "";
  return padded(flags, margin.empty() ? column : 0) + margin +
         wrapped(extent == Extent::all ? option_help(option) : option.help, column, columns_of_page) + '\n';
}

std::string options_text(const Command& command, Extent extent) {
  const std::vector<OptionSet> sets = option_sets(command);
  const size_t column = help_column(sets, extent);
  std::string out = extent == Extent::brief ? "\n" : "";
  const std::string before = extent == Extent::brief ? "" : "\n";
  std::string_view title;
  for (const OptionSet& set : sets) {
    for (const Option& option : set.options) {
      if (!is_shown(option, extent)) continue;
      if (set.title != title) out += before + set.title + ":\n";
      title = set.title;
      out += option_text(option, column, extent);
    }
  }
  return out;
}

std::string subcommands_text(const Command& command) {
  std::vector<std::vector<std::string>> rows;
  for (const Subcommand& sub : command.subcommands)
    rows.push_back({"  " + std::string(sub.name) + (*sub.word.usage ? " " + std::string(sub.word.usage) : ""),
                    sub.summary});
  return rows.empty() ? "" : "\nSub-commands:\n" + columns(rows);
}

/// "stdin: …; stdout: …", as far as the command has them.
std::string pipe_line(const Command& command) {
  std::vector<std::string> parts;
  if (std::string_view(command.input) != "-") parts.push_back(std::string("stdin: ") + command.input);
  if (std::string_view(command.output) != "-") parts.push_back(std::string("stdout: ") + command.output);
  return parts.empty() ? "" : "  " + join(parts, "; ") + '\n';
}

/// Paragraphs, which are separated by empty lines, in lines of the page's width.
std::string reflowed(std::string_view text) {
  std::string out;
  for (const std::string& line : split(text, '\n')) {
    if (line.empty()) {
      out += "\n\n";
    } else {
      out += (out.empty() || out.ends_with('\n') ? "" : " ") + line;
    }
  }
  return wrapped(out, 0, columns_of_page);
}

}  // namespace

std::string help_text(const Command& command, Extent extent) {
  std::string out = "Examples:\n";
  for (const char* example : command.examples) {
    out += std::string("  ") + example + '\n';
    if (extent == Extent::brief && std::ranges::count(out, '\n') > most_examples) break;
  }
  out += "\nUsage: " + usage_line(command) + "\n  " + command.summary + '\n';
  out += pipe_line(command);
  const std::string options = subcommands_text(command) + options_text(command, extent);
  const std::string_view all = command.description;
  const std::string about = reflowed(extent == Extent::brief ? all.substr(0, all.find("\n\n")) : all);
  const auto lines = std::ranges::count(out + about + options, '\n') + 4;
  if (!about.empty() && (extent == Extent::all || lines <= most_lines)) out += '\n' + about + '\n';
  out += options;
  if (extent == Extent::brief)
    return out + "\n'certo " + command.name + " --help --all' explains everything and shows all options.\n";
  if (command.store)
    out += "\nSome options can also be set by CERTO_… variables and in certo.conf: see 'man certo'.\n";
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
  out += "\nTopics for 'certo help TOPIC':\n";
  for (const Topic& topic : topics())
    out += "  " + padded(topic.name, 13) + std::string(topic.summary) + '\n';
  out += "\n'certo COMMAND --help' shows examples and options; 'man certo' has everything.\n";
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
