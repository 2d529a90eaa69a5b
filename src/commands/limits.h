// Limits of CAs in words.
#pragma once

#include <string>

#include "store/limits.h"

namespace certo::commands {

/// "certificates of a domain: 50 in 7 days"
std::string sentence(const store::LimitRule& rule);

}  // namespace certo::commands
