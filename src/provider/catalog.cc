#include "provider/catalog.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "provider/builtins.h"
#include "provider/plugin.h"
#include "recipe/carried.h"

namespace certo::provider {
namespace {

constexpr std::string_view kPlugin = ".so";
constexpr std::string_view kRecipe = ".json";
constexpr size_t kLargestRecipe = 1 << 16;

constexpr const char* kOwn = "certo";

Caged built_in(const certo_provider& provider) { return {describe(provider, provider.name), kOwn}; }
Caged built_in(const recipe::Carried& carried) {
  return {describe(carried.recipe), kOwn, std::string(carried.text)};
}

Caged read_recipe(const std::string& path) {
  os::require_trusted_file(path);
  Caged caged;
  caged.recipe = os::read_file(path, kLargestRecipe);
  caged.origin = path;
  try {
    caged.descriptor = describe(recipe::parse(caged.recipe, path));
    return caged;
  } catch (Error& error) {
    error.code = Exit::config;
    throw;
  }
}

bool is_recipe(std::string_view file) { return file.ends_with(kRecipe); }

std::vector<std::string> files_of(const std::string& folder) {
  try {
    return os::list_folder(folder);
  } catch (const Error&) {
    return {};  // most have none
  }
}

}  // namespace

const char* Caged::kind() const {
  if (!recipe.empty()) return "recipe";
  return plugin.empty() ? "built-in" : "plugin";
}

Caged read_caged(const std::string& path) {
  if (is_recipe(path)) return read_recipe(path);
  Caged caged;
  caged.descriptor = describe_plugin(path);
  caged.origin = caged.plugin = path;
  return caged;
}

std::optional<Caged> find_caged(std::string_view name, const std::vector<std::string>& folders) {
  if (const certo_provider* provider = find_builtin(name)) return built_in(*provider);
  if (const recipe::Carried* carried = recipe::find_carried(name)) return built_in(*carried);
  if (name.empty() || name.find('/') != name.npos) return std::nullopt;
  for (const std::string& folder : folders) {
    for (const std::string_view ending : {kPlugin, kRecipe}) {
      const std::string path = os::path_in(folder, std::string(name) + std::string(ending));
      if (os::exists(path)) return read_caged(path);
    }
  }
  return std::nullopt;
}

std::vector<Listed> list_caged(const std::vector<std::string>& folders) {
  std::vector<Listed> list;
  std::set<std::string> names;
  const auto add = [&](Listed one) {
    if (names.insert(one.name).second) list.push_back(std::move(one));
  };
  for (const certo_provider* provider : builtins()) {
    const Caged caged = built_in(*provider);
    add({provider->name, caged.kind(), kOwn, provider->title, caged.descriptor.aliases});
  }
  for (const auto& [text, recipe] : recipe::carried()) {
    add({recipe.name, "recipe", kOwn, recipe.title, recipe.aliases});
  }
  std::ranges::sort(list, {}, &Listed::name);
  for (const std::string& folder : folders) {
    for (const std::string& file : files_of(folder)) {
      if (!file.ends_with(kPlugin) && !is_recipe(file)) continue;
      const char* const kind = is_recipe(file) ? "recipe" : "plugin";
      add({file.substr(0, file.rfind('.')), kind, os::path_in(folder, file), "", {}});
    }
  }
  return list;
}

std::vector<std::string> provider_folders(const std::string& of_home) {
  std::vector<std::string> folders;
  if (!of_home.empty()) folders.push_back(of_home);
  const std::string programs = os::folder_of(os::self_path());
  const std::string kind = os::name_of(programs);
  if (kind == "bin" || kind == "sbin") folders.push_back(os::folder_of(programs) + "/lib/certo/providers");
  return folders;
}

}  // namespace certo::provider
