// Completion for bash, zsh and fish, from the command table.
#include "cli/completion.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "challenge/manual.h"
#include "cli/completion_parts.h"
#include "cli/table.h"
#include "cli/topics.h"
#include "commands/choices.h"
#include "console/option_sets.h"
#include "crypto/key.h"
#include "install/hook_list.h"
#include "install/notify.h"
#include "provider/builtins.h"
#include "store/servers.h"

namespace certo::cli {

using namespace console;

std::string provider_words() { return join(provider::builtin_names(), " ") + " " + challenge::manual; }

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

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

namespace {

/// The words of "on|off" or "[nginx|apache]"; nothing if the form stands for something else.
std::vector<std::string> listed(std::string_view form) {
  if (form.starts_with('[') && form.ends_with(']')) form = form.substr(1, form.size() - 2);
  const auto is_of_word = [](char c) { return c == '|' || c == '-' || (c >= 'a' && c <= 'z'); };
  if (form.find('|') == form.npos || !std::ranges::all_of(form, is_of_word)) return {};
  return split(std::string(form), '|');
}

}  // namespace

std::vector<OptionSet> typed_sets(const Command& command) {
  static constexpr Option certificate[] = {flag::certificate};
  std::vector<OptionSet> sets = option_sets(command);
  if (command.word.kind == Value::certificate && !takes(command, flag::certificate))
    sets.push_back({.title = "", .options = certificate});
  return sets;
}

std::string choices(Value value, std::string_view form) {
  std::vector<std::string> words;
  if (value == Value::text) words = listed(form);
  if (value == Value::reason) words = commands::revocation_reasons();
  if (value == Value::client) words = commands::clients();
  if (value == Value::format) words = commands::formats();
  if (value == Value::list_order) words = commands::list_orders();
  if (value == Value::web_server) words = commands::web_servers();
  if (value == Value::moment) words = install::notify_words();
  if (value == Value::scheduler) words = {"systemd", "cron"};
  if (value == Value::hook_kind)
    for (const auto kind : install::every_hook_kind) words.emplace_back(install::name(kind));
  if (value == Value::topic) return command_names(" ") + " " + join(topic_names(), " ");
  if (value == Value::shell) words = {"bash", "zsh", "fish"};
  if (value == Value::key_type) {
    using enum crypto::KeyType;
    for (const auto type : {ec256, ec384, ec521, rsa2048, rsa3072, rsa4096})
      words.emplace_back(crypto::name(type));
  }
  if (value == Value::server) {
    for (const store::Server& server : store::built_in_servers()) {
      if (server.ended.empty()) words.push_back(server.name);
    }
  }
  return join(words, " ");
}

std::string completion(std::string_view shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "zsh") return zsh_completion();
  if (shell == "fish") return fish_completion();
  throw Error(Exit::usage, "completion: there is none for '" + std::string(shell) + "'",
              "it is made for bash, zsh and fish");
}

}  // namespace certo::cli
