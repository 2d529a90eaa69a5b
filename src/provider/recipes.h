// The recipes of providers/*.json, which the program carries.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provider/recipe.h"

namespace certo::provider {

struct CarriedRecipe {
  std::string_view text;
  Recipe recipe;
};

const std::vector<CarriedRecipe>& carried_recipes();
/// By its own name; nullptr when there is none.
const CarriedRecipe* find_recipe(std::string_view name);

/// The same as descriptors without functions: `run_recipe` does what they would.
std::span<const certo_provider* const> recipe_descriptors();

}  // namespace certo::provider
