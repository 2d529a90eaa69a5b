// The parts of a recipe, parsed and checked: requests, conditions, lists, templates.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/node.h"
#include "recipe/recipe.h"

namespace certo::recipe {

/// Names that may be used as placeholders at one place.
using Names = std::set<std::string>;

inline Names operator+(Names names, const Names& more) {
  names.insert(more.begin(), more.end());
  return names;
}

/// Letters, digits and '_': the name of a setting or placeholder.
bool is_word(std::string_view text);

class Parts {
 public:
  Names settings;  // all of the recipe, for hints
  Names used;      // every placeholder found so far

  // Each fails at the wrong place; `names` are the placeholders that are known there.
  Ask ask(const Node& node, const Names& names);
  Paging paging(const Node& node);
  Matches matches(const Node& node, const Names& names);
  std::vector<int> statuses(const Node& node, const char* key, std::vector<int> otherwise);
  Pairs pairs(const Node& node, const Names& names);
  std::string filled(const Node& node, const Names& names);
  Json body(const Node& node, const Names& names);  // a JSON body, whose strings are templates

 private:
  void require_placeholders(const Node& node, const std::string& text, const Names& names);
};

}  // namespace certo::recipe
