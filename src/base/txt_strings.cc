#include "base/txt_strings.h"

#include <algorithm>

#include "base/text.h"

namespace certo {

std::vector<std::string> txt_strings(std::string_view value) {
  constexpr size_t longest = 255;
  std::vector<std::string> strings;
  do {
    strings.emplace_back(value.substr(0, longest));
    value.remove_prefix(std::min(longest, value.size()));
  } while (!value.empty());
  return strings;
}

std::string quoted_txt(std::string_view value) { return '"' + join(txt_strings(value), "\" \"") + '"'; }

}  // namespace certo
