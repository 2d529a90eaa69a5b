#include "recipe/edit.h"

#include <algorithm>

namespace certo::recipe {

void set_value(Scope& scope, const std::string& value) {
  scope["value"] = value;
  scope["quoted"] = sdk::quoted(value);
}

Json::Array edited(const Rrset& rrset, Json::Array items, Scope scope, const std::vector<std::string>& values,
                   sdk::Change change) {
  for (const std::string& value : values) {
    const auto is_it = [&](const Json& item) {
      const Json* text = find(item, rrset.value, scope);
      return text && (text_of(*text) == value || text_of(*text) == sdk::quoted(value));
    };
    if (change == sdk::Change::remove) {
      std::erase_if(items, is_it);
    } else if (std::ranges::none_of(items, is_it)) {
      set_value(scope, value);
      items.push_back(filled(rrset.made, scope));
    }
  }
  return items;
}

}  // namespace certo::recipe
