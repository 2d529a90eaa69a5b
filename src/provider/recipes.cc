#include "provider/recipes.h"

#include <deque>

#include "base/text.h"

// The files one after the other, each ended by NUL; the Makefile makes it.
// clang-format off
__asm__(
    ".pushsection .rodata\n"
    ".local certo_recipes, certo_recipes_end\n"
    "certo_recipes: .incbin \"" CERTO_RECIPES "\"\n"
    "certo_recipes_end: .byte 0\n"
    ".popsection\n");
// clang-format on
extern "C" const char certo_recipes[], certo_recipes_end[];

namespace certo::provider {
namespace {

/// A certo_provider, with what its pointers point to.
struct Descriptor {
  explicit Descriptor(const Recipe& recipe) : aliases(join(recipe.aliases, " ")) {
    for (const RecipeSetting& setting : recipe.settings) words.push_back(join(setting.aliases, " "));
    for (size_t i = 0; i < words.size(); ++i) {
      const RecipeSetting& setting = recipe.settings[i];
      settings.push_back({setting.name.c_str(), words[i].c_str(), setting.about.c_str(), setting.group});
    }
    provider = {.abi = CERTO_PROVIDER_ABI,
                .size = sizeof(certo_provider),
                .name = recipe.name.c_str(),
                .aliases = aliases.c_str(),
                .title = recipe.title.c_str(),
                .base_url = recipe.base_url.c_str(),
                .settings = settings.data(),
                .setting_count = settings.size(),
                .propagation = recipe.propagation,
                .traits = 0,
                .present = nullptr,
                .cleanup = nullptr};
  }

  std::string aliases;
  std::vector<std::string> words;
  std::vector<certo_setting> settings;
  certo_provider provider;
};

}  // namespace

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
    if (carried.recipe.name == name) return &carried;
  }
  return nullptr;
}

std::span<const certo_provider* const> recipe_descriptors() {
  static const std::vector<const certo_provider*> all = [] {
    static std::deque<Descriptor> kept;
    std::vector<const certo_provider*> descriptors;
    for (const CarriedRecipe& carried : carried_recipes()) {
      descriptors.push_back(&kept.emplace_back(carried.recipe).provider);
    }
    return descriptors;
  }();
  return all;
}

}  // namespace certo::provider
