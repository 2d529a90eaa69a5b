#include "provider/recipe_index.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "os/packed.h"

// A line for each recipe; scripts/recipe-index.awk makes it, and explains it.
CERTO_CARRY(recipe_index);

namespace certo::provider {
namespace {

constexpr char optional_mark = '?';

/// The text before the next `separator`, which is removed with it.
std::string_view cut(std::string_view& rest, char separator) {
  const std::string_view found = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(found.size() + 1, rest.size()));
  return found;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) words.emplace_back(cut(text, ' '));
  return words;
}

Descriptor descriptor_of(std::string_view line) {
  Descriptor descriptor;
  descriptor.name = cut(line, '\t');
  descriptor.title = cut(line, '\t');
  descriptor.is_untried = !cut(line, '\t').empty();
  descriptor.aliases = words_of(cut(line, '\t'));
  while (!line.empty()) {
    std::string_view names = cut(line, '\t');
    Setting setting;
    setting.group = names.starts_with(optional_mark) ? 0 : 1;
    if (setting.group == 0) names.remove_prefix(1);
    setting.name = cut(names, ' ');
    setting.aliases = words_of(names);
    descriptor.settings.push_back(std::move(setting));
  }
  return descriptor;
}

}  // namespace

std::vector<Descriptor> recipe_index() {
  std::vector<Descriptor> all;
  const std::string lines = CERTO_CARRIED(recipe_index);
  std::string_view rest = lines;
  while (!rest.empty()) all.push_back(descriptor_of(cut(rest, '\n')));
  return all;
}

}  // namespace certo::provider
