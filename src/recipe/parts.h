// The parts of a recipe, parsed and checked: requests, conditions, lists, templates.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recipe/node.h"
#include "recipe/recipe.h"
#include "recipe/template.h"

namespace certo::recipe {

/// Names that may be used as placeholders at one place.
using Names = std::set<std::string>;

inline Names operator+(Names names, const Names& more) {
  names.insert(more.begin(), more.end());
  return names;
}

inline bool has_one(const Names& names, std::initializer_list<const char*> wanted) {
  return std::ranges::any_of(wanted, [&](const char* name) { return names.contains(name); });
}

/// {zone}, {value} and the others that certo replaces, which a recipe cannot define.
bool is_own_placeholder(const std::string& name);

class Parts {
 public:
  Names settings;                                  // all of the recipe, for hints
  Names used;                                      // every placeholder found so far
  std::map<std::string, Computed::From> computed;  // placeholders that only requests know

  /// The placeholders that `read` finds.
  template <typename Read>
  Names used_by(Read read) {
    const Names before = std::exchange(used, {});
    read();
    const Names found = used;
    used = before + found;
    return found;
  }

  /// Whether a recipe must not define such a placeholder.
  bool is_reserved(const std::string& name) const;

  // Each fails at the wrong place; `names` are the placeholders that are known there.
  Ask ask(const Node& node, const Names& names);
  std::pair<std::string, std::string> text_body(const Node& node, const Names& names);
  Computed computation(const Node& node, const Names& names);
  Paging paging(const Node& node);
  std::string pointer(const Node& node, const Names& names);
  std::vector<std::string> pointers(const Node& list, const Names& names);
  Matches matches(const Node& node, const Names& names);
  /// `otherwise`: statuses, if there is no such member.
  Signs signs(const Node& node, const char* key, std::vector<int> otherwise, const Names& names);
  ReplyForm reply_form(const Node& node);
  std::vector<Taken> taken(const Node& node, const Names& names);
  std::pair<std::string, std::string> basic(const Node& node, const Names& names);
  Pairs pairs(const Node& node, const Names& names);
  std::string filled(const Node& node, const Names& names);
  Json body(const Node& node, const Names& names);  // a JSON body, whose strings are templates
  /// `names`, and what is computed from `last` and the parts of a request before it.
  Names known_after(Computed::From last, Names names) const;

 private:
  /// A key of an object. In version 1, it is used as it is.
  std::string key(const Node& node, const std::string& name, const Names& names);
  Paging numbered(const Node& node, const Node& parameter);
  Match match(const Node& node, std::string pointer, const Names& names);
  void require_placeholders(const Node& node, const std::string& text, const Names& names);
};

}  // namespace certo::recipe
