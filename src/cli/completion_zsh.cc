// Completion for zsh.
// Implements a part of cli/completion_parts.h.
#include "cli/completion_parts.h"

#include "base/text.h"
#include "cli/table.h"

namespace certo::cli {

using namespace console;

namespace {

std::string zsh_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(Value value, std::string_view form) {
  if (const std::string words = choices(value, form); !words.empty()) return "(" + zsh_escaped(words) + ")";
  switch (value) {
    case Value::text: return " ";
    case Value::file: return "_files";
    case Value::folder: return "_files -/";
    case Value::provider:
      return "(exec\\: " + provider_words() + " ${${(k)commands[(I)certo-dns-*]}#certo-dns-})";
    case Value::name:
    case Value::certificate: return std::string("($(") + list_names + "))";
    case Value::hook: return std::string("($(") + list_hooks + "))";
    default: return "";
  }
}

std::string zsh_spec(const Option& option) {
  const bool is_switch = option.value == Value::none;
  const std::string brief = short_flag(option);
  const std::string all = long_flag(option) + (is_switch ? "" : "=");
  std::string rest = "[" + zsh_escaped(option.help) + "]";
  if (!is_switch) rest += ":" + zsh_escaped(option.metavar) + ":" + zsh_action(option.value, option.metavar);
  const std::string repeats = option.is_repeated() ? "*" : "";
  if (brief.empty()) return quoted(repeats + all + rest);
  const std::string excludes = option.is_repeated() ? "*" : "(" + brief + " " + long_flag(option) + ")";
  return quoted(excludes) + "{" + brief + (is_switch ? "" : "+") + "," + all + "}" + quoted(rest);
}

std::string zsh_line(const Command& command, const std::string& words) {
  std::string out = "          _arguments -s -S";
  for (const OptionSet& set : typed_sets(command)) {
    for (const Option& option : set.options) out += " \\\n            " + zsh_spec(option);
  }
  return out + words;
}

std::string zsh_words(const char* place, const std::string& action) {
  return action.empty() ? "" : " \\\n            " + quoted(place + (":word:" + action));
}

/// As in bash: the words of the sub-command on the line, else a sub-command or the command's own
/// words.
std::string zsh_case(const Command& command) {
  const std::string own = zsh_action(command.word.kind, command.word.usage);
  if (command.subcommands.empty()) return zsh_line(command, zsh_words("*", own));
  std::string out = "          case ${words[2,CURRENT-1][(r)(" + subcommand_names(command, "|") + ")]} in\n";
  for (const Subcommand& sub : command.subcommands) {
    out += std::string("          ") + sub.name + ")\n" +
           zsh_line(command, zsh_words("1", "(" + std::string(sub.name) + ")") +
                                 zsh_words("*", zsh_action(sub.word.kind, sub.word.usage))) +
           " ;;\n";
  }
  std::string first = "(" + subcommand_names(command, " ") + ")";
  if (own.starts_with('(')) first = own.substr(0, own.size() - 1) + " " + first.substr(1);
  return out + "          *)\n" + zsh_line(command, zsh_words("1", first)) + " ;;\n          esac";
}

}  // namespace

std::string zsh_completion() {
  std::string names, cases;
  for (const Command* command : commands()) {
    names += "    " + quoted(std::string(command->name) + ":" + zsh_escaped(command->summary)) + "\n";
    cases += std::string("        ") + command->name + ")\n" + zsh_case(*command);
    cases += " ;;\n";
  }
  return "#compdef certo\n"
         "# zsh completion for certo, made by 'certo completion zsh'.\n"
         "_certo() {\n"
         "  local curcontext=\"$curcontext\" state line\n"
         "  local -a certo_commands\n"
         "  certo_commands=(\n" +
         names +
         "  )\n"
         "  _arguments -C '1:command:->command' '*::argument:->argument'\n"
         "  case $state in\n"
         "    command) _describe command certo_commands ;;\n"
         "    argument)\n"
         "      case $words[1] in\n" +
         cases +
         "      esac ;;\n"
         "  esac\n"
         "}\n"
         "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _certo \"$@\"; else compdef _certo certo; fi\n";
}

}  // namespace certo::cli
