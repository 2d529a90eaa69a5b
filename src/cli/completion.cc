// Completion for bash, zsh and fish, from the command table.
#include "cli/completion.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "challenge/manual.h"
#include "cli/table.h"
#include "cli/topics.h"
#include "console/option_sets.h"
#include "crypto/key.h"
#include "provider/builtins.h"
#include "store/servers.h"

namespace certo::cli {

using namespace console;

namespace {

std::string provider_words() { return join(provider::builtin_names(), " ") + " " + challenge::manual; }

std::string command_names(const char* separator) {
  std::vector<std::string> names;
  for (const Command* command : commands()) names.emplace_back(command->name);
  return join(names, separator);
}

std::string subcommand_names(const Command& command, const char* separator) {
  std::vector<std::string> names;
  for (const Subcommand& sub : command.subcommands) names.emplace_back(sub.name);
  return join(names, separator);
}

constexpr const char* list_names = "certo list --names 2> /dev/null";

/// The possible words for a value of this kind, if they are known now; separated by spaces.
std::string choices(Value value) {
  std::vector<std::string> words;
  if (value == Value::topic) return command_names(" ") + " " + join(topic_names(), " ");
  if (value == Value::shell) words = {"bash", "zsh", "fish"};
  if (value == Value::key_type) {
    using enum crypto::KeyType;
    for (const auto type : {ec256, ec384, rsa2048, rsa3072, rsa4096}) words.emplace_back(crypto::name(type));
  }
  if (value == Value::server) {
    for (const store::Server& server : store::built_in_servers()) {
      if (server.ended.empty()) words.push_back(server.name);
    }
  }
  return join(words, " ");
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// ---- bash ----

std::string bash_reply(Value value) {
  switch (value) {
    case Value::none:
    case Value::text: return ":";
    case Value::file: return "_certo_files -f";
    case Value::folder: return "_certo_files -d";
    case Value::key_type:
    case Value::server:
    case Value::shell:
    case Value::topic: return "_certo_words " + quoted(choices(value));
    case Value::provider: return "_certo_providers";
    case Value::certificate: return std::string("_certo_words \"$(") + list_names + ")\"";
  }
  return ":";
}

std::string flags_of(const Option& option, const char* separator) {
  const std::string brief = short_flag(option);
  return brief.empty() ? long_flag(option) : brief + separator + long_flag(option);
}

/// A flag means the same in every command, so its value is known without the command.
std::string bash_values() {
  std::vector<std::string> seen;
  std::string out;
  for (const Command* command : commands()) {
    for (const OptionSet& set : option_sets(*command)) {
      for (const Option& option : set.options) {
        const std::string flags = flags_of(option, "|");
        if (option.value == Value::none || std::find(seen.begin(), seen.end(), flags) != seen.end()) continue;
        seen.push_back(flags);
        out += "    " + flags + ") " + bash_reply(option.value) + "; return ;;\n";
      }
    }
  }
  return out;
}

/// The possible next words: those of the sub-command on the line, else a sub-command or the command's
/// own.
std::string bash_words(const Command& command) {
  if (command.subcommands.empty()) return bash_reply(command.word.kind);
  std::string out = "case $sub in ";
  for (const Subcommand& sub : command.subcommands)
    out += std::string(sub.name) + ") " + bash_reply(sub.word.kind) + " ;; ";
  return out + "*) " + bash_reply(command.word.kind) + "; _certo_more " +
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
    for (const OptionSet& set : option_sets(*command)) {
      for (const Option& option : set.options) flags.push_back(flags_of(option, " "));
    }
    out += std::string("    ") + command->name + ")\n      if [[ $word == -* ]]; then _certo_words " +
           quoted(join(flags, " ")) + "; else " + bash_words(*command) + "; fi ;;\n";
  }
  return out;
}

std::string bash() {
  return "# bash completion for certo, made by 'certo completion bash'.\n"
         "_certo_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\"); }\n"
         "_certo_more() { COMPREPLY+=($(compgen -W \"$1\" -- \"$word\")); }\n"
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
         "  case $previous in\n" +
         bash_values() +
         "  esac\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case ${COMP_WORDS[i]} in\n"
         "      " +
         command_names("|") +
         ") command=${COMP_WORDS[i]} && break ;;\n"
         "    esac\n"
         "  done\n"
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

// ---- zsh ----

std::string zsh_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(Value value) {
  switch (value) {
    case Value::none: return "";
    case Value::text: return " ";
    case Value::file: return "_files";
    case Value::folder: return "_files -/";
    case Value::key_type:
    case Value::server:
    case Value::shell:
    case Value::topic: return "(" + zsh_escaped(choices(value)) + ")";
    case Value::provider:
      return "(exec\\: " + provider_words() + " ${${(k)commands[(I)certo-dns-*]}#certo-dns-})";
    case Value::certificate: return std::string("($(") + list_names + "))";
  }
  return "";
}

std::string zsh_spec(const Option& option) {
  const bool is_switch = option.value == Value::none;
  const std::string brief = short_flag(option);
  const std::string all = long_flag(option) + (is_switch ? "" : "=");
  std::string rest = "[" + zsh_escaped(option.help) + "]";
  if (!is_switch) rest += ":" + zsh_escaped(option.metavar) + ":" + zsh_action(option.value);
  const std::string repeats = option.is_repeated() ? "*" : "";
  if (brief.empty()) return quoted(repeats + all + rest);
  const std::string excludes = option.is_repeated() ? "*" : "(" + brief + " " + long_flag(option) + ")";
  return quoted(excludes) + "{" + brief + (is_switch ? "" : "+") + "," + all + "}" + quoted(rest);
}

std::string zsh_line(const Command& command, const std::string& words) {
  std::string out = "          _arguments -s -S";
  for (const OptionSet& set : option_sets(command)) {
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
  const std::string own = zsh_action(command.word.kind);
  if (command.subcommands.empty()) return zsh_line(command, zsh_words("*", own));
  std::string out = "          case ${words[2,CURRENT-1][(r)(" + subcommand_names(command, "|") + ")]} in\n";
  for (const Subcommand& sub : command.subcommands) {
    out += std::string("          ") + sub.name + ")\n" +
           zsh_line(command, zsh_words("1", "(" + std::string(sub.name) + ")") +
                                 zsh_words("*", zsh_action(sub.word.kind))) +
           " ;;\n";
  }
  std::string first = "(" + subcommand_names(command, " ") + ")";
  if (own.starts_with('(')) first = own.substr(0, own.size() - 1) + " " + first.substr(1);
  return out + "          *)\n" + zsh_line(command, zsh_words("1", first)) + " ;;\n          esac";
}

std::string zsh() {
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

// ---- fish ----

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_value(Value value) {
  switch (value) {
    case Value::none: return "";
    case Value::text: return " -x";
    case Value::file: return " -r -F";
    case Value::folder: return " -x -a '(__fish_complete_directories)'";
    case Value::key_type:
    case Value::server:
    case Value::shell:
    case Value::topic: return " -x -a " + fish_quoted(choices(value));
    case Value::provider:
      return " -x -a 'exec: " + provider_words() +
             " (complete -C certo-dns- | string replace -r \"certo-dns-(\\\\S+).*\" \"\\$1\")'";
    case Value::certificate: return std::string(" -x -a '(") + list_names + ")'";
  }
  return "";
}

std::string fish_word(const std::string& condition, Value kind) {
  if (kind == Value::none) return "";
  return "complete -c certo -n '" + condition + "'" + (kind == Value::file ? " -F" : fish_value(kind)) + "\n";
}

std::string fish_words(const Command& command) {
  const std::string seen = "__fish_seen_subcommand_from ", within = seen + command.name;
  if (command.subcommands.empty()) return fish_word(within, command.word.kind);
  const std::string before = within + "; and not " + seen + subcommand_names(command, " ");
  std::string out = fish_word(before, command.word.kind);
  for (const Subcommand& sub : command.subcommands) {
    out += "complete -c certo -n '" + before + "' -a " + sub.name + " -d " + fish_quoted(sub.summary) + "\n" +
           fish_word(within + "; and " + seen + sub.name, sub.word.kind);
  }
  return out;
}

std::string fish() {
  std::string out =
      "# fish completion for certo, made by 'certo completion fish'.\n"
      "complete -c certo -f\n";
  for (const Command* command : commands()) {
    out += std::string("complete -c certo -n __fish_use_subcommand -a ") + command->name + " -d " +
           fish_quoted(command->summary) + "\n";
    const std::string within =
        std::string("complete -c certo -n '__fish_seen_subcommand_from ") + command->name + "'";
    for (const OptionSet& set : option_sets(*command)) {
      for (const Option& option : set.options) {
        out += within;
        if (!short_flag(option).empty()) out += " -s " + short_flag(option).substr(1);
        out += " -l " + long_flag(option).substr(2) + fish_value(option.value) + " -d " +
               fish_quoted(option.help) + "\n";
      }
    }
    out += fish_words(*command);
  }
  return out;
}

}  // namespace

std::string completion(std::string_view shell) {
  if (shell == "bash") return bash();
  if (shell == "zsh") return zsh();
  if (shell == "fish") return fish();
  throw Error(Exit::usage, "completion: there is none for '" + std::string(shell) + "'",
              "it is made for bash, zsh and fish");
}

}  // namespace certo::cli
