// Getting one certificate for a request that is complete, as 'certo issue' and 'certo apply' do.
#pragma once

#include "commands/context.h"
#include "store/entry.h"

namespace certo::commands {

/// What becomes of a new request for which the CA's limits leave no room now: `store` lets a later pass order
/// it.
enum class IfPostponed { forget, store };

/// Gets the certificate if it is due or if the request is another one, stores the request, installs, and runs
/// hooks. Reports what it did. Throws Error; hooks have run then, too.
Exit issue_request(const Args& args, const store::Home& state, const store::Entry& entry,
                   const store::Request& request, IfPostponed postponed);

}  // namespace certo::commands
