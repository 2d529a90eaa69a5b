// Where a rehearsal goes.
#pragma once

#include <string>

#include "commands/context.h"

namespace certo::commands {

/// The directory of the test server that stands in for the CA with this one: that of --server where it names
/// another, else the one that the table of CAs knows. Throws Error{usage} where there is none: a rehearsal
/// never goes to the CA itself.
std::string test_directory(const Args& args, const std::string& directory);

/// The session of a rehearsal: an account of its own. Who has agreed to a CA's terms with an account has
/// agreed to its test server's.
renew::SessionSettings rehearsal_settings(const Args& args);

}  // namespace certo::commands
