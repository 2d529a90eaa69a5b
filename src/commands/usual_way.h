// A certificate without a method: what would prove its names on this machine.
#pragma once

#include "commands/context.h"
#include "store/way.h"

namespace certo::commands {

/// Looks who listens on port 80, says what it would do, and asks a person once. Throws Error{usage} with the
/// same text if nobody can be asked, or if nothing suits.
store::Way usual_way(const Args& args, const std::vector<crypto::Identifier>& identifiers);

}  // namespace certo::commands
