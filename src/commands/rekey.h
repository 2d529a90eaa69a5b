// What `certo rekey --compromised` owes: the passes complete it after a run that died or failed.
#pragma once

#include <string>
#include <vector>

#include "base/failure.h"
#include "commands/context.h"

namespace certo::commands {

/// Revokes the certificates of compromised keys whose successors are in place, also in their servers and
/// hooks. What the others wait for fails or succeeds elsewhere. Returns what failed, with the names.
std::vector<Failure> settle_rekeys(const Args& args, const store::Home& state,
                                   const std::vector<std::string>& names);

/// The same for one certificate, with a report of the failure.
Exit settle_rekey(const Args& args, const store::Home& state, const std::string& name);

}  // namespace certo::commands
