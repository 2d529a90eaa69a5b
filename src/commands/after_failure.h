// Looks at once why a CA did not find names proven, and says it below the CA's words.
#pragma once

#include <string>

#include "base/failure.h"
#include "commands/context.h"

namespace certo::commands {

/// What the checks of `certo check` find for the names that the CA refused, except what is good. Takes at
/// most five seconds, and no longer than `whole`. Empty for other errors, and with -q. Throws Interrupted
/// only.
Explanation seen_after(const Args& args, const store::Home& state, const std::string& certificate,
                       const store::Request& request, const Error& error, const Deadline& whole);

}  // namespace certo::commands
