// Renewals that will fail, seen before they are due.
#pragma once

#include <vector>

#include "commands/context.h"
#include "status/alerts.h"

namespace certo::commands {

/// Which renewals of the next days will fail, by those checks of `certo check` that change nothing and do not
/// contact the CA. What failed already is left out, because its failure was reported. Throws Interrupted.
std::vector<status::Alert> foresee(const Args& args, const store::Home& home,
                                   const status::Overview& overview);

}  // namespace certo::commands
