// Finds a provider: its kinds, in the order in which certo tries them. Implements provider/provider.h.
#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "provider/caged.h"
#include "provider/certbot.h"
#include "provider/elsewhere.h"
#include "provider/executable.h"
#include "provider/provider.h"
#include "provider/reference.h"
#include "provider/script.h"

namespace certo::provider {
namespace {

constexpr std::string_view program_prefix = "certo-dns-";
constexpr size_t longest_account = 64;  // it becomes part of a file's name

std::vector<std::string> search_folders(Surroundings surroundings) {
  const bool is_in_cron = surroundings == Surroundings::of_cron;
  std::vector<std::string> folders = split(is_in_cron ? os::standard_path : os::search_path(), ':');
  std::erase_if(folders, [](const std::string& folder) { return !folder.starts_with('/'); });
  return folders;
}

/// The account that `spec` names for the provider `name`; "" for none.
std::string checked_account(const std::optional<std::string>& account, const std::string& name,
                            const std::string& spec) {
  if (account && (!is_token(*account) || account->size() > longest_account)) {
    throw Error(Exit::config, "'" + spec + "': the part after the dot is not the name of an account",
                "letters, digits, '-' and '_': " + name + ".work");
  }
  return account.value_or("");
}

std::unique_ptr<Provider> in_cage(const Name& named, const Choice& choice) {
  auto caged = find_caged(named.name, provider_folders(choice.providers_folder));
  if (!caged) return nullptr;
  const std::string account = checked_account(named.account, caged->descriptor.name, choice.spec);
  return std::make_unique<CagedProvider>(std::move(*caged), account, choice);
}

std::unique_ptr<Provider> script(const ScriptName& named, const Choice& choice) {
  if (named.is_path()) return std::make_unique<Script>(named.name, "", choice);
  const auto path = find_script(named.name, script_folders(provider_folders(choice.providers_folder)));
  if (!path) return nullptr;
  return std::make_unique<Script>(*path, checked_account(named.account, named.name, choice.spec), choice);
}

[[noreturn]] void throw_no_script(const ScriptName& named, const Choice& choice) {
  const std::string folder =
      choice.providers_folder.empty() ? "the folder 'providers' of the state" : choice.providers_folder;
  throw Error(
      Exit::config,
      "there is no DNS provider '" + choice.spec + "', and no script " + named.name + ".sh of acme.sh",
      "copy " + named.name + ".sh from the folder dnsapi of acme.sh into " + folder +
          ", or install acme.sh; 'certo providers' lists what is here");
}

std::unique_ptr<Provider> in_folder(const Choice& choice) {
  for (const std::string& folder : provider_folders(choice.providers_folder)) {
    const std::string path = os::path_in(folder, std::string(program_prefix) + choice.spec);
    if (os::exists(path)) return std::make_unique<Executable>(choice.spec, path, FoundBy::file_name, choice);
  }
  return nullptr;
}

std::unique_ptr<Provider> on_path(const Choice& choice) {
  const std::string program = std::string(program_prefix) + choice.spec;
  for (const std::string& folder : search_folders(choice.surroundings)) {
    const std::string path = os::path_in(folder, program);
    if (::access(path.c_str(), X_OK) == 0)
      return std::make_unique<Executable>(choice.spec, path, FoundBy::file_name, choice);
  }
  return nullptr;
}

[[noreturn]] void throw_no_path(const std::string& spec) {
  throw Error(
      Exit::config, "there is no DNS provider '" + spec + "'",
      "a provider is given by its path as exec:/path/to/program, or as a file whose name ends in .so, .json or .sh");
}

[[noreturn]] void throw_unknown(const Choice& choice) {
  const std::string& name = choice.spec;
  const CertbotPlugin* const plugin = find_certbot_plugin(certbot_plugin_name(name));
  if (plugin) {
    throw Error(Exit::config, "'" + name + "' is a plugin of certbot",
                std::string("here it is --dns ") + plugin->provider + "; 'certo providers " +
                    plugin->provider + "' shows its settings");
  }
  if (const Elsewhere* const known = find_elsewhere(name)) {
    throw Error(Exit::config, "there is no DNS provider '" + name + "'", hint_for(*known));
  }
  const std::string_view means =
      "'certo providers' lists all of them; use your own as certo-dns-NAME on PATH, or as exec:/path/to/program";
  std::vector<std::string> names = names_on_path();
  for (const Listed& one : list_caged(provider_folders(choice.providers_folder))) names.push_back(one.name);
  const auto meant = nearest(name, names);
  throw Error(Exit::config, "there is no DNS provider '" + name + "'",
              (meant ? "did you mean " + *meant + "? " : "") + std::string(means));
}

}  // namespace

std::vector<std::string> names_on_path() {
  std::set<std::string> names;
  for (const std::string& folder : search_folders(Surroundings::of_this_run)) {
    try {
      for (const std::string& file : os::list_folder(folder)) {
        if (file.starts_with(program_prefix)) names.insert(file.substr(program_prefix.size()));
      }
    } catch (const Error&) {
      // A folder that cannot be read offers no names.
    }
  }
  return {names.begin(), names.end()};
}

std::unique_ptr<Provider> find(const Choice& choice) {
  const Reference reference = parse_reference(choice.spec);
  if (const auto* program = std::get_if<Program>(&reference))
    return std::make_unique<Executable>(choice.spec, program->path, FoundBy::path, choice);
  if (const auto* file = std::get_if<PluginFile>(&reference))
    return std::make_unique<CagedProvider>(read_caged(file->path), std::string(), choice);
  if (const auto* named = std::get_if<ScriptName>(&reference)) {
    if (auto provider = script(*named, choice)) return provider;
    throw_no_script(*named, choice);
  }
  if (choice.spec.find('/') != choice.spec.npos) throw_no_path(choice.spec);

  const Name& name = std::get<Name>(reference);
  if (auto provider = in_cage(name, choice)) return provider;
  if (auto provider = in_folder(choice)) return provider;
  if (auto provider = on_path(choice)) return provider;
  if (is_script_name(name.name)) {
    const ScriptName named{name.name, name.account};
    if (auto provider = script(named, choice)) return provider;
    throw_no_script(named, choice);
  }
  throw_unknown(choice);
}

std::vector<std::string> missing_in_cron(const Choice& choice) {
  const auto here = find(choice);
  Choice from_cron = choice;
  from_cron.surroundings = Surroundings::of_cron;
  std::vector<std::string> missing;
  try {
    const Values later = find(from_cron)->settings();
    for (const auto& [name, value] : here->settings()) {
      const auto found = later.find(name);
      if (found == later.end() || found->second != value) {
        missing.push_back(name + " is set only in this run's environment");
      } else if (name.ends_with("_FILE") && !value.starts_with('/')) {
        missing.push_back(name + " is a relative path: " + value);
      }
    }
  } catch (const Error& error) {
    missing.push_back(error.message);
  }
  return missing;
}

}  // namespace certo::provider
