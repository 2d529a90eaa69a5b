// The recipes of providers/*.json, which the program carries.
#pragma once

#include <string_view>
#include <vector>

#include "provider/recipe.h"

namespace certo::provider {

struct CarriedRecipe {
  std::string_view text;
  Recipe recipe;
};

const std::vector<CarriedRecipe>& carried_recipes();
/// By name or alias; nullptr when there is none.
const CarriedRecipe* find_recipe(std::string_view name);

}  // namespace certo::provider
