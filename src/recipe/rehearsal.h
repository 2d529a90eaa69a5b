// Plays a recipe without a network, so that its author sees the requests.
#pragma once

#include <string>

#include "recipe/recipe.h"

namespace certo::recipe {

/// Requests as text, one below the other.
struct Rehearsal {
  std::string present, cleanup;
};

/// The requests for a TXT record at `name` if every reply is good, `zone` is the zone, and the record exists
/// at cleanup only. Settings and ids are shown as placeholders. Throws Error{failed} for a recipe that cannot
/// be played to its end.
Rehearsal rehearse(const Recipe& recipe, const std::string& name, const std::string& zone);

}  // namespace certo::recipe
