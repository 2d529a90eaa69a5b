// The summary of a pass over the store for the hooks in hooks/notify.
#pragma once

#include <string>
#include <vector>

#include "install/notify.h"
#include "renew/pass.h"

namespace certo::commands {

/// One line for each certificate that changed or failed, and how many were neither.
install::Notice notice_of(const std::vector<renew::PassResult>& results);

/// "1 failed, 2 renewed"
std::string counts(const std::vector<renew::PassResult>& results);

}  // namespace certo::commands
