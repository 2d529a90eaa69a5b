// Where a provider comes from: the kinds, in the order in which they are looked through.
#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "provider/caged.h"
#include "provider/executable.h"
#include "provider/provider.h"

namespace certo::provider {
namespace {

constexpr std::string_view kByPath = "exec:";
constexpr std::string_view kOnPath = "certo-dns-";
constexpr size_t kLongestProfile = 64;  // it becomes part of a file's name

std::unique_ptr<Provider> by_path(const Choice& choice) {
  if (!choice.spec.starts_with(kByPath)) return nullptr;
  return std::make_unique<Executable>(choice.spec, choice.spec.substr(kByPath.size()), choice);
}

/// "cloudflare.work" is the account `work` of cloudflare.
std::unique_ptr<Provider> in_cage(const Choice& choice) {
  if (names_a_file(choice.spec))
    return std::make_unique<CagedProvider>(read_caged(choice.spec), std::string(), choice);
  const size_t dot = choice.spec.find('.');
  auto caged = find_caged(choice.spec.substr(0, dot), provider_folders(choice.providers_folder));
  if (!caged) return nullptr;
  const std::string profile = dot == choice.spec.npos ? "" : choice.spec.substr(dot + 1);
  if (dot != choice.spec.npos && (!is_token(profile) || profile.size() > kLongestProfile)) {
    throw Error(Exit::config, "'" + choice.spec + "': what follows the dot is no name of an account",
                "letters, digits, '-' and '_': " + caged->descriptor.name + ".work");
  }
  return std::make_unique<CagedProvider>(std::move(*caged), profile, choice);
}

std::unique_ptr<Provider> in_folder(const Choice& choice) {
  if (choice.spec.find('/') != choice.spec.npos) return nullptr;
  for (const std::string& folder : provider_folders(choice.providers_folder)) {
    const std::string path = os::path_in(folder, std::string(kOnPath) + choice.spec);
    if (os::exists(path)) return std::make_unique<Executable>(choice.spec, path, choice);
  }
  return nullptr;
}

std::unique_ptr<Provider> on_path(const Choice& choice) {
  const auto path = os::find_program(std::string(kOnPath) + choice.spec);
  if (!path) return nullptr;
  return std::make_unique<Executable>(choice.spec, *path, choice);
}

/// A kind gives nothing when it has no such provider; it throws when it has one that cannot be used.
using Kind = std::unique_ptr<Provider> (*)(const Choice&);
constexpr Kind kKinds[] = {by_path, in_cage, in_folder, on_path};

[[noreturn]] void throw_unknown(const Choice& choice) {
  const std::string& name = choice.spec;
  const std::string_view means =
      "'certo providers' lists those that there are; your own is certo-dns-NAME on PATH, or "
      "exec:/path/to/program";
  const std::string what = "there is no DNS provider '" + name + "'";
  if (name.find('/') != std::string::npos) {
    throw Error(Exit::config, what,
                "by its path: exec:/path/to/program, or a file whose name ends in .so or .json");
  }
  std::vector<std::string> names = names_on_path();
  for (const Listed& one : list_caged(provider_folders(choice.providers_folder))) names.push_back(one.name);
  const auto meant = nearest(name, names);
  throw Error(Exit::config, what, (meant ? "did you mean " + *meant + "? " : "") + std::string(means));
}

}  // namespace

std::vector<std::string> names_on_path() {
  std::set<std::string> names;
  for (const std::string& folder : split(os::search_path(), ':')) {
    if (!folder.starts_with('/')) continue;
    try {
      for (const std::string& file : os::list_folder(folder)) {
        if (file.starts_with(kOnPath)) names.insert(file.substr(kOnPath.size()));
      }
    } catch (const Error&) {
      // A folder that cannot be read offers no names.
    }
  }
  return {names.begin(), names.end()};
}

std::unique_ptr<Provider> find(const Choice& choice) {
  for (const Kind kind : kKinds) {
    if (auto provider = kind(choice)) return provider;
  }
  throw_unknown(choice);
}

}  // namespace certo::provider
