// A reply as a tree that pointers address, whatever its form is.
#pragma once

#include "base/json.h"
#include "recipe/recipe.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

/// JSON as it is. XML: an element is an object of its children, with "@name" for attributes and "#text" for
/// text; a repeated child is an array, and an element with text only is a string. Text: a string, or what its
/// separators make of it.
///
/// The page of a proxy or gateway is none of this: null, unless `must_be_read` (then Failure{unreachable}).
Json tree_of(const sdk::Reply& reply, const ReplyForm& form, bool must_be_read);

/// The list at `pointer`. Null counts as an empty list; in XML, one item looks like no list, and no item like
/// nothing. Nothing if there is no list.
std::optional<Json::Array> list_in(const Json& tree, const std::string& pointer, const ReplyForm& form);

}  // namespace certo::recipe
