// certo providers test: does a DNS provider do what a certificate needs?
#pragma once

#include "commands/commands.h"

namespace certo::commands {

/// `args`: NAME, and -d with a domain. Throws what challenge::try_provider throws.
Exit test_provider(const Args& args);

}  // namespace certo::commands
