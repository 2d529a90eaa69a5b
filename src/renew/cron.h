// Everything that was needed to issue a certificate must exist when cron renews it, with an empty
// environment.
#pragma once

#include <string>
#include <vector>

#include "store/home.h"
#include "store/request.h"

namespace certo::renew {

/// The things that this run has and a renewal from cron would lack: one line each; empty if there are none.
std::vector<std::string> missing_in_cron(const store::Home& home, const store::Request& request);

}  // namespace certo::renew
