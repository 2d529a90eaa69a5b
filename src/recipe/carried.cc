#include "recipe/carried.h"

#include <algorithm>

// All the files in one, each ended by NUL; the Makefile makes it.
// clang-format off
__asm__(
    ".pushsection .rodata\n"
    ".local certo_recipes, certo_recipes_end\n"
    "certo_recipes: .incbin \"" CERTO_RECIPES "\"\n"
    "certo_recipes_end: .byte 0\n"
    ".popsection\n");
// clang-format on
// Hidden, so that they are not addressed through the global offset table: on aarch64 its entries for local
// symbols lose the offset.
extern "C" [[gnu::visibility("hidden")]] const char certo_recipes[], certo_recipes_end[];

namespace certo::recipe {

const std::vector<Carried>& carried() {
  static const std::vector<Carried> all = [] {
    std::vector<Carried> recipes;
    std::string_view rest(certo_recipes, static_cast<size_t>(certo_recipes_end - certo_recipes));
    for (size_t end = rest.find('\0'); end != rest.npos; end = rest.find('\0')) {
      const std::string_view text = rest.substr(0, end);
      recipes.push_back({text, parse(text, "recipe")});
      rest.remove_prefix(end + 1);
    }
    return recipes;
  }();
  return all;
}

const Carried* find_carried(std::string_view name) {
  for (const Carried& one : carried()) {
    if (one.recipe.name == name || std::ranges::count(one.recipe.aliases, name) > 0) return &one;
  }
  return nullptr;
}

}  // namespace certo::recipe
