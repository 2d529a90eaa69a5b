// The members "zone" and "records" of a recipe: how a record is changed.
#pragma once

#include "recipe/parts.h"

namespace certo::recipe {

/// `fixed`: the placeholders of every request. Fails at the wrong place.
void read_changes(const Node& root, Parts& parts, const Names& fixed, Recipe& recipe);

}  // namespace certo::recipe
