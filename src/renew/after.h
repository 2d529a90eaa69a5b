// What follows a renewal fails, too: installations with their reload, and hooks. A run of the schedule tries
// them again after waits that grow, as it does with renewals, and reports the same failure once a day.
#pragma once

#include <string>
#include <vector>

#include "install/trouble.h"
#include "renew/pass.h"

namespace certo::renew {

/// Is it too early for another try?
bool is_too_early(const std::optional<install::Trouble>& trouble, Time now);
/// Brings pending installations in place, and notes it in the results. Also after a failed renewal: the
/// version before it may still be pending.
void install_all(const store::Home& home, std::vector<PassResult>& results, const PassSettings& settings);

/// Runs the hooks that are still owed. If another run holds the entry, that run does it.
void finish_hooks(const store::Home& home, PassResult& result, const PassSettings& settings);

}  // namespace certo::renew
