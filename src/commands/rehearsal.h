// The test server and the account of a rehearsal.
#pragma once

#include <string>

#include "commands/context.h"

namespace certo::commands {

/// The directory of the test server that stands in for the CA with this one: that of --server if it names
/// another one, otherwise the one in the table of CAs. Throws Error{usage} if there is none: a rehearsal
/// never uses the CA itself.
std::string test_directory(const Args& args, const std::string& directory);

/// The session of a rehearsal, with an account of its own. An account at any CA counts as agreement to the
/// terms of the test server.
renew::SessionSettings rehearsal_settings(const Args& args);

}  // namespace certo::commands
