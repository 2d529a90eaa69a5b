// Hooks on the command line: the options such as --deploy-hook, and the report about hooks that ran.
#pragma once

#include "commands/commands.h"
#include "install/hooks.h"

namespace certo::commands {

/// Error{usage} for a --hook-timeout that is not a number of seconds.
install::WantedHooks wanted_hooks(const Args& args);

/// Prints each failure with its hint.
void say_hooks(const std::string& name, const install::HookOutcome& outcome);
Json to_json(const install::HookOutcome& outcome);

/// Runs the hooks that are owed and reports failures. `wait`: how long to wait for another run that holds the
/// entry. If it does not release the entry, that run finishes the hooks, or the next one. Throws Interrupted
/// only.
Exit finish_hooks(const store::Home& home, const store::Entry& entry, const install::HookSettings& settings,
                  Millis wait);

}  // namespace certo::commands
