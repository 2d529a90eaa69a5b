// The sub-commands of `certo account` that are more than one request about the account.
#pragma once

#include "commands/commands.h"

namespace certo::commands {

/// Shows all accounts of the store, or those at the CAs of --server.
Exit list_accounts(const Args& args);
/// Finds the account of --account-key at the CA, and stores both.
Exit recover_account(const Args& args);
/// Deactivates the authorizations that the account has for the names.
Exit deauthorize(const Args& args);

}  // namespace certo::commands
