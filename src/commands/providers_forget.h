// certo providers forget: removes the settings that certo stored for renewals.
#pragma once

#include "commands/commands.h"

namespace certo::commands {

/// `args`: NAME, as --dns takes it.
Exit forget_settings(const Args& args);

}  // namespace certo::commands
