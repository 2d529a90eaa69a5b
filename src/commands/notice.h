// The summary of a pass over the store, for its report and for the hooks in hooks/notify.
#pragma once

#include <string>
#include <vector>

#include "install/notify.h"
#include "renew/pass.h"

namespace certo::commands {

/// What became of the certificates. The failure of one that is held back was reported when it happened.
struct Tally {
  size_t renewed = 0, failed = 0, not_tried = 0, others = 0;
};
Tally tally(const std::vector<renew::PassResult>& results);

/// One line for each certificate that changed or failed, and how many were neither.
install::Notice notice_of(const renew::PassRun& run);

/// "1 failed, 2 renewed"
std::string counts(const std::vector<renew::PassResult>& results);

}  // namespace certo::commands
