#include "console/command.h"

#include "console/option_sets.h"

namespace certo::console {

std::vector<OptionSet> option_sets(const Command& command) {
  std::vector<OptionSet> sets;
  if (!command.options.empty()) sets.push_back({"Options", command.options});
  if (command.way) sets.push_back({"How to prove control of the names", way_options()});
  if (command.hooks) sets.push_back({"What runs around it", hook_options()});
  if (command.notify) sets.push_back({"Who is told", notify_options()});
  if (command.targets) sets.push_back({"Where to install it", target_options()});
  if (command.network) sets.push_back({"CA and account", network_options()});
  sets.push_back({"Of every command", global_options()});
  return sets;
}

}  // namespace certo::console
