// Completion for fish.
// Implements a part of cli/completion_parts.h.
#include "cli/completion_parts.h"

#include "base/text.h"
#include "cli/table.h"

namespace certo::cli {

using namespace console;

namespace {

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_value(Value value, std::string_view form) {
  if (const std::string words = choices(value, form); !words.empty()) return " -x -a " + fish_quoted(words);
  switch (value) {
    case Value::text: return " -x";
    case Value::file: return " -r -F";
    case Value::folder: return " -x -a '(__fish_complete_directories)'";
    case Value::provider:
      return " -x -a 'exec: " + provider_words() +
             " (complete -C certo-dns- | string replace -r \"certo-dns-(\\\\S+).*\" \"\\$1\")'";
    case Value::name:
    case Value::certificate: return std::string(" -x -a '(") + list_names + ")'";
    case Value::hook: return std::string(" -r -F -a '(") + list_hooks + ")'";
    default: return "";
  }
}

std::string fish_word(const std::string& condition, const Word& word) {
  if (word.kind == Value::none) return "";
  return "complete -c certo -n '" + condition + "'" +
         (word.kind == Value::file ? " -F" : fish_value(word.kind, word.usage)) + "\n";
}

std::string fish_words(const Command& command) {
  const std::string seen = "__fish_seen_subcommand_from ", within = seen + command.name;
  if (command.subcommands.empty()) return fish_word(within, command.word);
  const std::string before = within + "; and not " + seen + subcommand_names(command, " ");
  std::string out = fish_word(before, command.word);
  for (const Subcommand& sub : command.subcommands) {
    out += "complete -c certo -n '" + before + "' -a " + sub.name + " -d " + fish_quoted(sub.summary) + "\n" +
           fish_word(within + "; and " + seen + sub.name, sub.word);
  }
  return out;
}

}  // namespace

std::string fish_completion() {
  std::string out =
      "# fish completion for certo, made by 'certo completion fish'.\n"
      "complete -c certo -f\n";
  for (const Command* command : commands()) {
    out += std::string("complete -c certo -n __fish_use_subcommand -a ") + command->name + " -d " +
           fish_quoted(command->summary) + "\n";
    const std::string within =
        std::string("complete -c certo -n '__fish_seen_subcommand_from ") + command->name + "'";
    for (const OptionSet& set : typed_sets(*command)) {
      for (const Option& option : set.options) {
        out += within;
        if (!short_flag(option).empty()) out += " -s " + short_flag(option).substr(1);
        out += " -l " + long_flag(option).substr(2) +
               fish_value(option.value, option.is_switch() ? "" : option.metavar) + " -d " +
               fish_quoted(option.help) + "\n";
      }
    }
    out += fish_words(*command);
  }
  return out;
}

}  // namespace certo::cli
