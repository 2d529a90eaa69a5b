// Runs a recipe: finds the zone of each name, and adds or removes its records.
#pragma once

#include <functional>

#include "recipe/recipe.h"
#include "recipe/service.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

/// Adds `records` or removes them. Throws sdk::Failure.
void run(const Recipe& recipe, const sdk::Host& host, sdk::Records records, sdk::Change change);
/// The same over another wire than the host's HTTP, with placeholders in place of signatures.
void play(const Recipe& recipe, const sdk::Host& host, sdk::Records records, sdk::Change change,
          Service::Wire wire);

}  // namespace certo::recipe
