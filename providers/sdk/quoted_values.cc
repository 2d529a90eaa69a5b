#include "sdk/quoted_values.h"

#include <algorithm>

namespace certo::sdk {

bool is_same_text(std::string_view held, std::string_view value) {
  return held == value || held == quoted(value);
}

std::vector<std::string> merged_quoted(std::vector<std::string> held, const std::vector<std::string>& ours,
                                       Change change) {
  for (const std::string& value : ours) {
    const auto is_it = [&](const std::string& text) { return is_same_text(text, value); };
    if (change == Change::remove) {
      std::erase_if(held, is_it);
    } else if (std::ranges::none_of(held, is_it)) {
      held.push_back(quoted(value));
    }
  }
  return held;
}

}  // namespace certo::sdk
