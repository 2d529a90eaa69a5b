// How the values of a name are changed. Values of others stay as they are, whatever their form is.
#pragma once

#include <string>
#include <vector>

#include "recipe/recipe.h"
#include "recipe/template.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

/// {value} and {quoted}.
void set_value(Scope& scope, const std::string& value);

/// `items` of an RRset after the change.
Json::Array edited(const Rrset& rrset, Json::Array items, Scope scope, const std::vector<std::string>& values,
                   sdk::Change change);

}  // namespace certo::recipe
