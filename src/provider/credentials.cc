#include "provider/credentials.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/terminal.h"
#include "provider/credentials_program.h"

namespace certo::provider {
namespace {

constexpr size_t kLargestFile = 1 << 16;

/// Throws Error{config} for what would break a header line or the file that it is kept in.
std::string checked(std::string value, const std::string& subject) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (!std::ranges::any_of(value, is_control)) return value;
  throw Error(Exit::config, subject + ": holds a line break or another control character",
              "a setting is one line of text");
}

/// "NAME_FILE" is the path of a file with the value in it, unless that is a setting of its own.
std::optional<std::string> from_environment(const Setting& setting, std::span<const Setting> all) {
  std::vector<std::string> names = {setting.name};
  names.insert(names.end(), setting.aliases.begin(), setting.aliases.end());
  for (const std::string& name : names) {
    if (std::string value = os::environment(name.c_str()); !value.empty())
      return checked(std::move(value), name);
    const std::string variable = name + "_FILE";
    if (setting.is_file() || std::ranges::find(all, variable, &Setting::name) != all.end()) continue;
    if (const std::string path = os::environment(variable.c_str()); !path.empty())
      return checked(std::string(trim(os::read_file(path, kLargestFile))), variable);
  }
  return std::nullopt;
}

Values from_environment(std::span<const Setting> settings) {
  Values values;
  for (const Setting& setting : settings) {
    if (auto value = from_environment(setting, settings)) values[setting.name] = *value;
  }
  return values;
}

/// Files where the service's own tools put them.
Values from_usual_paths(std::span<const Setting> settings) {
  Values values;
  for (const Setting& setting : settings) {
    for (const std::string& path : setting.paths) {
      const std::string full = path.starts_with('~') ? os::home_folder() + path.substr(1) : path;
      if (os::exists(full)) values.emplace(setting.name, full);
    }
  }
  return values;
}

/// The name that the provider knows, for one of its names; Error{config} for another.
std::string known_name(std::span<const Setting> settings, const std::string& name,
                       const std::string& subject) {
  std::vector<std::string> known;
  for (const Setting& setting : settings) {
    if (setting.name == name || std::ranges::count(setting.aliases, name) > 0) return setting.name;
    known.push_back(setting.name);
  }
  const auto meant = nearest(name, known);
  throw Error(Exit::config, subject + ": there is no setting '" + name + "'",
              meant ? "did you mean " + *meant + "?" : "it knows " + join(known, ", "));
}

std::string unquoted(std::string_view value) {
  const bool is_quoted =
      value.size() >= 2 && value.front() == value.back() && (value.front() == '\'' || value.front() == '"');
  return std::string(is_quoted ? value.substr(1, value.size() - 2) : value);
}

/// KEY=value lines; empty lines and '#' in front are skipped.
Values from_lines(std::span<const Setting> settings, const std::string& lines, const std::string& source) {
  Values values;
  int number = 0;
  for (const std::string& line : split(lines, '\n')) {
    const std::string subject = source + ":" + std::to_string(++number);
    const std::string_view text = trim(line);
    if (text.empty() || text.starts_with('#')) continue;
    const size_t equals = text.find('=');
    if (equals == text.npos) throw Error(Exit::config, subject + ": not KEY=value", "one setting a line");
    const std::string name = known_name(settings, std::string(trim(text.substr(0, equals))), subject);
    values[name] = checked(unquoted(trim(text.substr(equals + 1))), subject);
  }
  return values;
}

Values from_file(std::span<const Setting> settings, const std::string& path) {
  os::require_private_file(path);
  return from_lines(settings, os::read_file(path, kLargestFile), path);
}

/// The service manager answers for who may read it: for a service without root it is 0440 and root's.
Values from_service_file(std::span<const Setting> settings, const std::string& path) {
  try {
    return from_lines(settings, os::read_file(path, kLargestFile), path);
  } catch (Error& error) {
    if (error.code == Exit::bad_input) error.code = Exit::config;
    throw;
  }
}

Values from_given(std::span<const Setting> settings, const std::string& given) {
  if (const auto program = as_program_with_words(given))
    return from_lines(settings, printed_credentials(*program), given);
  return from_file(settings, given);
}

std::set<uint32_t> groups(std::span<const Setting> settings) {
  std::set<uint32_t> groups;
  for (const Setting& setting : settings) {
    if (setting.group != 0) groups.insert(setting.group);
  }
  return groups;
}

/// How many settings of `group` are there, and those that are not.
struct State {
  size_t present = 0;
  std::vector<const Setting*> missing;
};

State state_of(std::span<const Setting> settings, uint32_t group, const Values& values) {
  State state;
  for (const Setting& setting : settings) {
    if (setting.group != group) continue;
    if (values.contains(setting.name)) {
      ++state.present;
    } else {
      state.missing.push_back(&setting);
    }
  }
  return state;
}

bool names_needed(std::span<const Setting> settings, const Values& values) {
  return std::ranges::any_of(settings,
                             [&](const Setting& one) { return one.group != 0 && values.contains(one.name); });
}

/// Throws for the group that was begun, or for the first.
void require_complete(const Descriptor& provider, std::span<const Setting> settings,
                      const Credentials& credentials) {
  std::optional<State> nearest_one;
  for (const uint32_t group : groups(settings)) {
    State state = state_of(settings, group, credentials.values);
    if (state.missing.empty()) return;
    if (!nearest_one || state.present > nearest_one->present) nearest_one = std::move(state);
  }
  if (!nearest_one || (nearest_one->present == 0 && provider.is(CERTO_NEEDS_NO_SETTING))) return;
  const Setting& first = *nearest_one->missing.front();
  std::vector<std::string> names;
  for (const Setting* setting : nearest_one->missing) names.push_back(setting->name);
  const std::string where = nearest_one->present > 0 ? " in " + credentials.origin : "";
  throw Error(
      Exit::config,
      provider.name + ": " + join(names, " and ") + (names.size() == 1 ? " is" : " are") + " not set" + where,
      first.name + " is " + first.about + "; set it in the environment, or in a file for --dns-credentials");
}

}  // namespace

std::string service_credentials(const std::string& name) {
  const std::string folder = os::environment("CREDENTIALS_DIRECTORY");
  return folder.starts_with('/') ? folder + "/" + name : "";
}

Credentials find_credentials(const Descriptor& provider, const Sources& sources) {
  const std::vector<Setting> settings = settings_of(provider);
  const Values environment = from_environment(settings);
  Credentials found;
  if (!sources.given.empty()) {
    found = {from_given(settings, sources.given), sources.given};
  } else if (names_needed(settings, environment)) {
    found = {environment, "the environment", true};
  } else if (os::exists(sources.service_file)) {
    found = {from_service_file(settings, sources.service_file), sources.service_file};
  } else if (os::exists(sources.stored_file)) {
    found = {from_file(settings, sources.stored_file), sources.stored_file};
  } else if (const Values usual = from_usual_paths(settings); !usual.empty()) {
    found = {usual, usual.begin()->second};
  }
  // What goes with a service's own file, or with the machine's identity, is nowhere else: a timer has no
  // AWS_PROFILE.
  const bool has_no_file_of_ours = found.origin.empty() || !names_needed(settings, found.values);
  for (const Setting& setting : settings) {
    const auto set = environment.find(setting.name);
    if (setting.group != 0 || set == environment.end()) continue;
    found.values[setting.name] = set->second;
    found.from_environment = found.from_environment || has_no_file_of_ours;
  }
  require_complete(provider, settings, found);
  if (found.origin.empty()) found.origin = "the machine that certo runs on";
  return found;
}

Values contents(const Descriptor& provider, Values values) {
  for (const Setting& setting : provider.settings) {
    const auto path = values.find(setting.name);
    if (!setting.is_file() || path == values.end()) continue;
    try {
      path->second = os::read_file(path->second, kLargestFile);
    } catch (const Error& error) {
      throw Error(Exit::config, provider.name + ": " + setting.name + ": " + error.message,
                  setting.name + " is " + setting.about);
    }
  }
  return values;
}

bool keep_credentials(const std::string& path, const std::string& provider, const Values& values) {
  std::string text = "# Settings of the DNS provider " + provider + ", kept for renewal.\n";
  for (const auto& [name, value] : values) text += name + "=" + value + "\n";
  if (os::read_file_if(path, kLargestFile) == text) return false;
  os::make_folder(os::folder_of(path), 0700);
  os::write_file(path, text, 0600);
  return true;
}

}  // namespace certo::provider
