// What a login gives: a value from a reply's body, header or cookie.
#pragma once

#include "recipe/recipe.h"
#include "recipe/template.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

/// Throws Failure{config} if the reply does not have it: other credentials may help.
Json taken_from(const Taken& taken, const sdk::Reply& reply, const Json& tree, const Scope& scope);

}  // namespace certo::recipe
