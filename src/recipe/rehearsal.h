// A recipe played without a network, so that its author sees the requests.
#pragma once

#include <string>

#include "provider/recipe.h"

namespace certo::provider {

/// The requests of `action` ("present" or "cleanup") for a TXT record of `name`, one below the other, as
/// they were if every reply were good, `zone` were the zone, and the record were there for cleanup only.
/// Settings and ids stand there as placeholders. Throws Error{failed} for a recipe that cannot go through.
std::string rehearse(const Recipe& recipe, const std::string& action, const std::string& name,
                     const std::string& zone);

}  // namespace certo::provider
