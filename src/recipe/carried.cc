#include "recipe/carried.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "os/packed.h"

// All of them in one file, a line for each; the Makefile makes it.
CERTO_CARRY(recipes);

namespace certo::recipe {
namespace {

struct Packed {
  std::string_view name, text;
};

std::vector<Packed> unpacked() {
  std::vector<Packed> all;
  static const std::string lines = CERTO_CARRIED(recipes);
  std::string_view rest = lines;
  for (size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
    const std::string_view line = rest.substr(0, end);
    const size_t tab = line.find('\t');
    all.push_back({line.substr(0, tab), line.substr(tab + 1)});
    rest.remove_prefix(end + 1);
  }
  return all;
}

const std::vector<Packed>& packed() {
  static const std::vector<Packed> all = unpacked();
  return all;
}

/// Parsed once, when somebody asks for it.
const Carried& parsed(const Packed& one) {
  static std::mutex mutex;
  static std::map<std::string_view, Carried> known;
  const std::lock_guard guard(mutex);
  const auto found = known.find(one.name);
  if (found != known.end()) return found->second;
  return known.emplace(one.name, Carried{one.text, parse(one.text, std::string(one.name))}).first->second;
}

}  // namespace

std::vector<std::string> carried_names() {
  std::vector<std::string> names;
  for (const Packed& one : packed()) names.emplace_back(one.name);
  return names;
}

const std::vector<Recipe>& carried_descriptions() {
  static const std::vector<Recipe> all = [] {
    std::vector<Recipe> described;
    for (const Packed& one : packed())
      described.push_back(parse_description(one.text, std::string(one.name)));
    return described;
  }();
  return all;
}

const Carried* find_carried(std::string_view name) {
  for (const Packed& one : packed()) {
    if (one.name == name) return &parsed(one);
  }
  // Only recipes that mention the name are parsed.
  const std::string mention = "\"" + std::string(name) + "\"";
  for (const Packed& one : packed()) {
    if (one.text.find(mention) == one.text.npos) continue;
    const Carried& carried = parsed(one);
    if (std::ranges::count(carried.recipe.aliases, name) > 0) return &carried;
  }
  return nullptr;
}

}  // namespace certo::recipe
