// Hooks on the command line: what --deploy-hook and its like say, and what became of those that ran.
#pragma once

#include "commands/commands.h"
#include "install/hooks.h"

namespace certo::commands {

/// Error{usage} for a --hook-timeout that is no number of seconds.
install::WantedHooks wanted_hooks(const Args& args);

/// Says what failed, each with its hint.
void say_hooks(const std::string& name, const install::HookOutcome& outcome);
Json to_json(const install::HookOutcome& outcome);

/// Runs what is owed of the entry's hooks and says what failed. `wait`: for another run that holds the entry;
/// where it does not let go, that run finishes them, or the next one. Throws Interrupted only.
Exit finish_hooks(const store::Home& home, const store::Entry& entry, const install::HookSettings& settings,
                  Millis wait);

}  // namespace certo::commands
