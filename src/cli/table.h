// The command table. One row is dispatch, help, man page, README table and completion.
#pragma once

#include <string_view>
#include <vector>

#include "console/command.h"

namespace certo::cli {

using console::Command;

const std::vector<const Command*>& commands();  // in the order of the README
const Command* find_command(std::string_view name);
/// The option sets of all commands, in the order of the table; the global options come last.
const std::vector<const console::OptionSet*>& shared_sets();
const Command& command_named(std::string_view name);  // Error{usage} with the nearest name as hint

}  // namespace certo::cli
