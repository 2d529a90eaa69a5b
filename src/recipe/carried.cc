#include "provider/recipes.h"

#include <algorithm>

// The files one after the other, each ended by NUL; the Makefile makes it.
// clang-format off
__asm__(
    ".pushsection .rodata\n"
    ".local certo_recipes, certo_recipes_end\n"
    "certo_recipes: .incbin \"" CERTO_RECIPES "\"\n"
    "certo_recipes_end: .byte 0\n"
    ".popsection\n");
// clang-format on
// Hidden, so that no global offset table comes between: on aarch64 its entries for local symbols lose the
// offset.
extern "C" [[gnu::visibility("hidden")]] const char certo_recipes[], certo_recipes_end[];

namespace certo::provider {

const std::vector<CarriedRecipe>& carried_recipes() {
  static const std::vector<CarriedRecipe> all = [] {
    std::vector<CarriedRecipe> recipes;
    std::string_view rest(certo_recipes, static_cast<size_t>(certo_recipes_end - certo_recipes));
    for (size_t end = rest.find('\0'); end != rest.npos; end = rest.find('\0')) {
      const std::string_view text = rest.substr(0, end);
      recipes.push_back({text, parse_recipe(text, "recipe")});
      rest.remove_prefix(end + 1);
    }
    return recipes;
  }();
  return all;
}

const CarriedRecipe* find_recipe(std::string_view name) {
  for (const CarriedRecipe& carried : carried_recipes()) {
    const Descriptor& descriptor = carried.recipe.descriptor;
    if (descriptor.name == name || std::ranges::count(descriptor.aliases, name) > 0) return &carried;
  }
  return nullptr;
}

}  // namespace certo::provider
