#include "provider/catalog.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "os/trust.h"
#include "provider/builtins.h"
#include "provider/credentials.h"
#include "provider/plugin.h"
#include "provider/recipe_index.h"
#include "recipe/carried.h"

namespace certo::provider {
namespace {

constexpr std::string_view plugin_suffix = ".so";
constexpr std::string_view recipe_suffix = ".json";
constexpr size_t largest_recipe = 1 << 16;

constexpr const char* own = "certo";
constexpr std::string_view executable =
    "certo-dns-";  // the names of executables; their settings are their own

Caged built_in(const certo_provider& provider) {
  return {describe(provider, provider.name), provider.name, FoundBy::built_in, own};
}
Caged built_in(const recipe::Carried& carried) {
  return {describe(carried.recipe), carried.recipe.name, FoundBy::built_in, own, std::string(carried.text)};
}

Caged read_recipe(const std::string& path) {
  Caged caged;
  caged.recipe = os::read_trusted(path, os::of_settings, largest_recipe);
  try {
    caged.descriptor = describe(recipe::parse(caged.recipe, path));
    return caged;
  } catch (Error& error) {
    error.code = Exit::config;
    throw;
  }
}

Caged read_plugin(const std::string& path) {
  Caged caged;
  caged.descriptor = describe_plugin(path);
  caged.plugin = path;
  return caged;
}

bool is_recipe(std::string_view file) { return file.ends_with(recipe_suffix); }

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
  Caged caged = is_recipe(path) ? read_recipe(path) : read_plugin(path);
  caged.id = caged.origin = path;
  caged.found_by = FoundBy::path;
  // A default path would have certo read a file that only this code asks for.
  for (Setting& setting : caged.descriptor.settings) setting.paths.clear();
  return caged;
}

std::optional<Caged> find_caged(std::string_view name, const std::vector<std::string>& folders) {
  if (const certo_provider* provider = find_builtin(name)) return built_in(*provider);
  if (const recipe::Carried* carried = recipe::find_carried(name)) return built_in(*carried);
  if (name.empty() || name.find('/') != name.npos || name.starts_with(executable)) return std::nullopt;
  for (const std::string& folder : folders) {
    for (const std::string_view ending : {plugin_suffix, recipe_suffix}) {
      const std::string path = os::path_in(folder, std::string(name) + std::string(ending));
      if (!os::exists(path)) continue;
      Caged caged = read_caged(path);
      caged.id = caged.descriptor.name = name;
      caged.found_by = FoundBy::file_name;
      return caged;
    }
  }
  return std::nullopt;
}

std::vector<Listed> list_caged(const std::vector<std::string>& folders, const std::string& credentials) {
  const auto has_settings = [&](const Descriptor& descriptor) {
    Sources sources;
    sources.service_file = service_credentials(descriptor.name);
    if (!credentials.empty()) sources.stored_file = os::path_in(credentials, descriptor.name);
    return has_any(descriptor, sources);
  };
  std::vector<Listed> list;
  std::set<std::string> names;
  const auto add = [&](Listed one) {
    if (!names.insert(one.name).second) return;
    names.insert(one.aliases.begin(), one.aliases.end());
    list.push_back(std::move(one));
  };
  for (const certo_provider* provider : builtins()) {
    const Descriptor descriptor = describe(*provider, provider->name);
    add({descriptor.name, "built-in", own, descriptor.title, descriptor.aliases, has_settings(descriptor),
         descriptor.is_untried});
  }
  for (const Descriptor& recipe : recipe_index()) {
    add({recipe.name, "recipe", own, recipe.title, recipe.aliases, has_settings(recipe), recipe.is_untried});
  }
  std::ranges::sort(list, {}, &Listed::name);
  for (const std::string& folder : folders) {
    for (const std::string& file : files_of(folder)) {
      if (!file.ends_with(plugin_suffix) && !is_recipe(file)) continue;
      const char* const kind = is_recipe(file) ? "recipe" : "plugin";
      add({file.substr(0, file.rfind('.')), kind, os::path_in(folder, file), "", {}});
    }
  }
  return list;
}

std::vector<Descriptor> descriptors(const std::vector<std::string>& folders) {
  std::vector<Descriptor> all;
  for (const certo_provider* provider : builtins()) all.push_back(describe(*provider, provider->name));
  for (const recipe::Recipe& one : recipe::carried_descriptions()) all.push_back(describe(one));
  for (const std::string& folder : folders) {
    for (const std::string& file : files_of(folder)) {
      if (!is_recipe(file)) continue;
      try {
        Descriptor own = read_recipe(os::path_in(folder, file)).descriptor;
        own.name = file.substr(0, file.size() - recipe_suffix.size());
        all.push_back(std::move(own));
      } catch (const Error& error) {
        log::verbose(error.message);  // it is an error for those who ask for this file
      }
    }
  }
  return all;
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
