// The command table in the order of the README.
#include "cli/table.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "commands/commands.h"

namespace certo::cli {

using namespace certo::commands;

extern const Command completion_command, help_command;

const std::vector<const Command*>& commands() {
  static const std::vector<const Command*> table = {
      &issue_command,        &check_command,   &apply_command,      &persist_command,   &renew_command,
      &cron_command,         &list_command,    &status_command,     &report_command,    &info_command,
      &install_cert_command, &remove_command,  &revoke_command,     &rekey_command,     &rollback_command,
      &undo_command,         &deploy_command,  &hooks_command,      &import_command,    &convert_command,
      &keygen_command,       &csr_command,     &account_command,    &ca_command,        &limits_command,
      &thumbprint_command,   &order_command,   &present_command,    &cleanup_command,   &solve_command,
      &fetch_command,        &inspect_command, &ari_command,        &providers_command, &schedule_command,
      &webserver_command,    &upgrade_command, &completion_command, &help_command,      &version_command,
  };
  return table;
}

const Command* find_command(std::string_view name) {
  const auto& table = commands();
  const auto found =
      std::ranges::find_if(table, [&](const Command* command) { return command->name == name; });
  return found == table.end() ? nullptr : *found;
}

const std::vector<const OptionSet*>& shared_sets() {
  static const std::vector<const OptionSet*> sets = [] {
    std::vector<const OptionSet*> found;
    for (const Command* command : commands()) {
      for (const OptionSet* set : command->sets)
        if (std::ranges::find(found, set) == found.end()) found.push_back(set);
    }
    found.push_back(&global_options);
    return found;
  }();
  return sets;
}

const Command& command_named(std::string_view name) {
  if (const Command* command = find_command(name)) return *command;
  std::vector<std::string> names;
  for (const Command* command : commands()) names.emplace_back(command->name);
  throw Error(Exit::usage, "there is no command '" + std::string(name) + "'",
              did_you_mean(name, names, "'certo ", "'").value_or("'certo help' lists the commands"));
}

}  // namespace certo::cli
