// The recipes of providers/*.json, which are part of the program.
#pragma once

#include <string_view>
#include <vector>

#include "recipe/recipe.h"

namespace certo::recipe {

struct Carried {
  std::string_view text;
  Recipe recipe;
};

/// All of them, as parse_description reads them.
const std::vector<Recipe>& carried_descriptions();
/// Their names, which need no parsing.
std::vector<std::string> carried_names();
/// By name or alias; nullptr if there is none.
const Carried* find_carried(std::string_view name);

}  // namespace certo::recipe
