// Whatever was needed to issue a certificate must be there when cron renews it, with an empty environment.
#pragma once

#include <string>
#include <vector>

#include "store/home.h"
#include "store/request.h"

namespace certo::renew {

/// What this run has and a renewal from cron would not have: one line each, empty if nothing.
std::vector<std::string> missing_in_cron(const store::Home& home, const store::Request& request);

}  // namespace certo::renew
