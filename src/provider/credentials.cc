#include "provider/credentials.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/outside.h"
#include "os/path.h"
#include "os/terminal.h"
#include "os/trust.h"
#include "provider/certbot.h"
#include "provider/credentials_program.h"

namespace certo::provider {
namespace {

constexpr size_t largest_file = 1 << 16;

/// Throws Error{config} for what would break a header line or the file that it is stored in.
std::string checked(std::string value, const std::string& subject) {
  if (can_be_stored(value)) return value;
  throw Error(Exit::config, subject + ": contains a line break or another control character",
              "a setting is one line of text");
}

/// "NAME_FILE" is the path of a file with the value in it, unless that is a setting of its own.
std::optional<std::string> from_environment(const Setting& setting, std::span<const Setting> all,
                                            const Sources& sources) {
  std::vector<std::string> names = {setting.name};
  names.insert(names.end(), setting.aliases.begin(), setting.aliases.end());
  for (const std::string& name : names) {
    if (const std::string value = sources.environment.value(name); !value.empty())
      return checked(setting.is_file() ? os::absolute_path(value) : value, name);
    const std::string variable = name + "_FILE";
    if (setting.is_file() || std::ranges::find(all, variable, &Setting::name) != all.end()) continue;
    if (const std::string path = sources.environment.value(variable); !path.empty()) {
      const std::string content = os::read_file_outside(sources.state_folder, path, largest_file);
      return checked(std::string(trim(content)), variable);
    }
  }
  return std::nullopt;
}

Values from_environment(std::span<const Setting> settings, const Sources& sources) {
  Values values;
  for (const Setting& setting : settings) {
    if (auto value = from_environment(setting, settings, sources)) values[setting.name] = *value;
  }
  return values;
}

/// Files in the default places of the service's own tools.
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

std::string quoted_if_needed(const std::string& value) {
  const bool stays_as_it_is = trim(value) == value && unquoted(value) == value;
  return stays_as_it_is ? value : '"' + value + '"';
}

/// The values by the names that the provider knows.
Values known(std::span<const Setting> settings, const std::vector<Line>& lines) {
  Values values;
  for (const Line& line : lines) values[known_name(settings, line.name, line.place)] = line.value;
  return values;
}

/// The service manager decides who may read it: for a service that does not run as root it is root's, mode
/// 0440.
std::vector<Line> read_service_file(const std::string& path) {
  try {
    return parse_lines(os::read_file(path, largest_file), path);
  } catch (Error& error) {
    if (error.code == Exit::bad_input) error.code = Exit::config;
    throw;
  }
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
                      const Credentials& credentials, const Sources& sources) {
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
  const std::string subject = sources.subject.empty() ? provider.name : sources.subject;
  const std::string how = sources.environment.allows(first.name)
                              ? "set it in the environment"
                              : "--dns-env " + first.name + " takes it from the environment";
  throw Error(
      Exit::config,
      subject + ": " + join(names, " and ") + (names.size() == 1 ? " is" : " are") + " not set" + where,
      first.name + " is " + first.about + "; " + how + ", or write it into a file for --dns-credentials");
}

/// certbot's names, in certo's words.
std::vector<Line> certbot_lines(const std::string& text, const std::string& source) {
  const auto values = certbot_settings(text);
  if (!values) {
    throw Error(Exit::config,
                source + ": a credentials file of certbot for a plugin that certo does not know",
                "write its settings with the names that 'certo providers NAME' shows");
  }
  std::vector<Line> lines;
  for (const auto& [name, value] : *values) lines.push_back({name, checked(value, source), source});
  return lines;
}

}  // namespace

bool can_be_stored(const std::string& value) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return std::ranges::none_of(value, is_control);
}

std::string service_credentials(const std::string& name) {
  const std::string folder = os::environment("CREDENTIALS_DIRECTORY");
  return folder.starts_with('/') ? folder + "/" + name : "";
}

Credentials find_credentials(const Descriptor& provider, const Sources& sources) {
  const std::vector<Setting> settings = settings_of(provider);
  const Values environment = from_environment(settings, sources);
  Credentials found;
  bool belongs_to_user = false;  // a file that certo does not change
  if (!sources.given.empty()) {
    found = {known(settings, read_given(sources.given)), sources.given};
    belongs_to_user = true;
  } else if (names_needed(settings, environment)) {
    found = {environment, "the environment", true};
  } else if (os::exists(sources.service_file)) {
    found = {known(settings, read_service_file(sources.service_file)), sources.service_file};
    belongs_to_user = true;
  } else if (os::exists(sources.stored_file)) {
    found = {known(settings, read_private(sources.stored_file)), sources.stored_file};
  } else if (const Values usual = from_usual_paths(settings); !usual.empty()) {
    found = {usual, usual.begin()->second};
  }
  // Optional settings, such as AWS_PROFILE, belong to what was found: cron does not have them.
  for (const Setting& setting : settings) {
    const auto set = environment.find(setting.name);
    if (setting.group != 0 || set == environment.end()) continue;
    found.values[setting.name] = set->second;
    found.from_environment = found.from_environment || !belongs_to_user;
  }
  require_complete(provider, settings, found, sources);
  if (found.origin.empty()) found.origin = "the machine that certo runs on";
  return found;
}

bool has_any(const Descriptor& provider, const Sources& sources) {
  const std::vector<Setting> settings = settings_of(provider);
  return !sources.given.empty() || names_needed(settings, from_environment(settings, sources)) ||
         os::exists(sources.service_file) || os::exists(sources.stored_file) ||
         !from_usual_paths(settings).empty();
}

std::vector<Line> parse_lines(const std::string& text, const std::string& source) {
  return is_certbot_file(text) ? certbot_lines(text, source) : parse_own_lines(text, source);
}

std::vector<Line> parse_own_lines(const std::string& text, const std::string& source) {
  std::vector<Line> lines;
  int number = 0;
  for (const std::string& whole : split(text, '\n')) {
    const std::string place = source + ":" + std::to_string(++number);
    const std::string_view line = trim(whole);
    if (line.empty() || line.starts_with('#')) continue;
    const size_t equals = line.find('=');
    if (equals == line.npos) throw Error(Exit::config, place + ": not KEY=value", "one setting a line");
    lines.push_back({std::string(trim(line.substr(0, equals))),
                     checked(unquoted(trim(line.substr(equals + 1))), place), place});
  }
  return lines;
}

std::vector<Line> read_given(const std::string& given) {
  if (const auto program = as_program_with_words(given))
    return parse_lines(printed_credentials(*program), given);
  return read_private(given);
}

std::vector<Line> read_private(const std::string& path) {
  return parse_lines(os::read_private(path, os::of_settings, largest_file), path);
}

Values read_stored(const std::string& path) {
  Values values;
  if (!os::exists(path)) return values;
  for (const Line& line : parse_own_lines(os::read_private(path, os::of_settings, largest_file), path))
    values[line.name] = line.value;
  return values;
}

Values contents(const Descriptor& provider, Values values, const std::string& state_folder) {
  for (const Setting& setting : provider.settings) {
    const auto path = values.find(setting.name);
    if (!setting.is_file() || path == values.end()) continue;
    try {
      path->second = os::read_file_outside(state_folder, path->second, largest_file);
    } catch (const Error& error) {
      throw Error(Exit::config, provider.name + ": " + setting.name + ": " + error.message,
                  setting.name + " is " + setting.about);
    }
  }
  return values;
}

void store_for_renewal(const std::string& path, const std::string& provider, const Values& values) {
  if (keep_credentials(path, provider, values))
    log::say("the settings of " + provider + " are stored in " + path +
             " for renewal; --no-save prevents it");
}

bool keep_credentials(const std::string& path, const std::string& provider, const Values& values) {
  std::string text = "# Settings of the DNS provider " + provider + ", kept for renewal.\n";
  for (const auto& [name, value] : values) text += name + "=" + quoted_if_needed(value) + "\n";
  if (os::read_file_if(path, largest_file) == text) return false;
  os::make_folder(os::folder_of(path), 0700);
  os::write_file(path, text, 0600);
  return true;
}

}  // namespace certo::provider
