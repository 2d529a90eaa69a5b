// What a list of services shows of the recipes that are part of certo, without reading the recipes.
#pragma once

#include <vector>

#include "provider/descriptor.h"

namespace certo::provider {

/// Name, title, aliases, is_untried, and of each setting its names and whether it is needed (group 1) or not
/// (group 0); in the order of their names.
std::vector<Descriptor> recipe_index();

}  // namespace certo::provider
