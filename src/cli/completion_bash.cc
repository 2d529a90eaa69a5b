// Completion for bash.
// Implements a part of cli/completion_parts.h.
#include "cli/completion_parts.h"

#include <map>
#include <set>

#include "base/text.h"
#include "cli/table.h"

namespace certo::cli {

using namespace console;

namespace {

std::string bash_reply(Value value, std::string_view form) {
  if (const std::string words = choices(value, form); !words.empty()) return "_certo_words " + quoted(words);
  switch (value) {
    case Value::file: return "_certo_files -f";
    case Value::folder: return "_certo_files -d";
    case Value::provider: return "_certo_providers";
    case Value::name:
    case Value::certificate: return std::string("_certo_words \"$(") + list_names + ")\"";
    case Value::hook: return std::string("_certo_words \"$(") + list_hooks + ")\"; _certo_more_files";
    default: return ":";
  }
}

std::string flags_of(const Option& option, const char* separator) {
  const std::string brief = short_flag(option);
  return brief.empty() ? long_flag(option) : brief + separator + long_flag(option);
}

/// Patterns for "COMMAND FLAG": of all commands, or of one.
std::string bash_patterns(const Option& option, const char* command) {
  std::string out;
  for (const std::string& flag : split(flags_of(option, "|"), '|'))
    out += (out.empty() ? "" : "|") + (command ? quoted(command + (" " + flag)) : "*" + quoted(" " + flag));
  return out;
}

/// Most flags mean the same in every command; those that do not are named with their command.
std::string bash_values() {
  std::map<std::string, std::set<std::string>> meanings;
  const auto each = [](const auto& act) {
    for (const Command* command : commands())
      for (const OptionSet& set : typed_sets(*command))
        for (const Option& option : set.options)
          if (!option.is_switch()) act(*command, option);
  };
  each([&](const Command&, const Option& option) {
    meanings[long_flag(option)].insert(bash_reply(option.value, option.metavar));
  });
  std::set<std::string> seen;
  std::string out;
  each([&](const Command& command, const Option& option) {
    const bool is_same = meanings[long_flag(option)].size() == 1;
    const std::string patterns = bash_patterns(option, is_same ? nullptr : command.name);
    if (seen.insert(patterns).second)
      out += "    " + patterns + ") " + bash_reply(option.value, option.metavar) + "; return ;;\n";
  });
  return out;
}

/// The possible next words: those of the sub-command on the line, else a sub-command or the command's
/// own.
std::string bash_words(const Command& command) {
  if (command.subcommands.empty()) return bash_reply(command.word.kind, command.word.usage);
  std::string out = "case $sub in ";
  for (const Subcommand& sub : command.subcommands)
    out += std::string(sub.name) + ") " + bash_reply(sub.word.kind, sub.word.usage) + " ;; ";
  return out + "*) " + bash_reply(command.word.kind, command.word.usage) + "; _certo_more " +
         quoted(subcommand_names(command, " ")) + " ;; esac";
}

/// Finds the sub-command among the words after the command's name.
std::string bash_subcommands() {
  std::string out;
  for (const Command* command : commands()) {
    for (const Subcommand& sub : command->subcommands)
      out += (out.empty() ? "" : "|") + std::string(command->name) + " " + sub.name;
  }
  std::string patterns;
  for (const std::string& pair : split(out, '|')) patterns += (patterns.empty() ? "" : "|") + quoted(pair);
  return patterns;
}

std::string bash_commands() {
  std::string out;
  for (const Command* command : commands()) {
    std::vector<std::string> flags;
    for (const OptionSet& set : typed_sets(*command)) {
      for (const Option& option : set.options) flags.push_back(flags_of(option, " "));
    }
    out += std::string("    ") + command->name + ")\n      if [[ $word == -* ]]; then _certo_words " +
           quoted(join(flags, " ")) + "; else " + bash_words(*command) + "; fi ;;\n";
  }
  return out;
}

}  // namespace

std::string bash_completion() {
  return "# bash completion for certo, made by 'certo completion bash'.\n"
         "_certo_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\"); }\n"
         "_certo_more() { COMPREPLY+=($(compgen -W \"$1\" -- \"$word\")); }\n"
         "_certo_more_files() { COMPREPLY+=($(compgen -f -- \"$word\")); }\n"
         "_certo_files() {\n"
         "  compopt -o filenames\n"
         "  mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$word\")\n"
         "}\n"
         "_certo_providers() {\n"
         "  local programs\n"
         "  programs=$(compgen -c certo-dns-)\n"
         "  _certo_words \"exec: " +
         provider_words() +
         " ${programs//certo-dns-/}\"\n"
         "}\n"
         "_certo() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= sub= i\n"
         "  COMPREPLY=()\n"
         "  if [[ $word == = ]]; then word=; fi\n"
         "  if [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case ${COMP_WORDS[i]} in\n"
         "      " +
         command_names("|") +
         ") command=${COMP_WORDS[i]} && break ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$command $previous\" in\n" +
         bash_values() +
         "  esac\n"
         "  for ((i++; i < COMP_CWORD; i++)); do\n"
         "    case \"$command ${COMP_WORDS[i]}\" in\n"
         "      " +
         bash_subcommands() +
         ") sub=${COMP_WORDS[i]} && break ;;\n"
         "    esac\n"
         "  done\n"
         "  case $command in\n" +
         bash_commands() + "    *) _certo_words " + quoted(command_names(" ")) +
         " ;;\n"
         "  esac\n"
         "}\n"
         "complete -F _certo certo\n";
}

}  // namespace certo::cli
