// Services that replace all records of a zone: certo reads all of them and writes all of them back.
#pragma once

#include <string>
#include <vector>

#include "recipe/recipe.h"
#include "recipe/service.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

/// A record to change: its value, and the placeholders of its name.
struct Edit {
  std::string value;
  Scope scope;
};

/// Changes the records of one zone, and writes it if anything differs (true). Throws Failure before any
/// change if the zone has anything that would be lost.
bool change_zone(const WholeZone& whole, Service& service, const std::vector<Edit>& edits,
                 sdk::Change change);

}  // namespace certo::recipe
