// Only sets that commands share have such defaults, so that no variable changes what a single command means.
#include "console/defaults.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "console/option_sets.h"
#include "console/values.h"
#include "os/file.h"
#include "os/terminal.h"
#include "os/trust.h"

namespace certo::console {
namespace {

struct Setting {
  const Option* option;
  bool taken;  // the command has this option
};

using Sets = std::vector<const OptionSet*>;

std::vector<Setting> settings(const Command& command, const Sets& sets) {
  std::vector<Setting> all;
  for (const OptionSet* set : sets) {
    if (!set->has_defaults) continue;
    const bool is_read = std::ranges::find(command.defaults_only, set) != command.defaults_only.end();
    for (const Option& option : set->options) all.push_back({&option, is_read || takes(command, option)});
  }
  return all;
}

std::vector<std::string> parts(const Option& option, const std::string& value) {
  if (!option.is_repeated()) return {value};
  std::vector<std::string> parts = split(value, ',');
  for (std::string& part : parts) part = trim(part);
  return parts;
}

std::optional<bool> yes_or_no(const std::string& text) {
  const std::string word = lower(text);
  if (word == "yes" || word == "true" || word == "1") return true;
  if (word == "no" || word == "false" || word == "0") return false;
  return {};
}

/// Returns the options that the environment sets to "no": certo.conf does not turn them on.
std::vector<Option> add_environment(Args& args, const std::vector<Setting>& settings) {
  std::vector<Option> off;
  for (const auto& [option, taken] : settings) {
    const std::string variable = environment_name(*option);
    const std::string value = os::environment(variable.c_str());
    if (!taken || *option == flag::help || value.empty() || args.has(*option)) continue;
    if (!option->is_switch()) {
      for (const std::string& part : parts(*option, value)) args.add_default(*option, part);
      continue;
    }
    const std::optional<bool> is_on = yes_or_no(value);
    if (!is_on)
      throw Error(Exit::config, variable + ": '" + printable(value, 40) + "' is neither yes nor no");
    if (*is_on)
      args.add_default(*option, "");
    else
      off.push_back(*option);
  }
  return off;
}

/// Variables that other parts of certo and install.sh read, and those that certo sets for hooks and programs.
constexpr const char* other_variables[] = {
    "CERTO_HOME",      "CERTO_EAB_HMAC",       "CERTO_EAB_API_KEY", "CERTO_NAME",
    "CERTO_NAMES",     "CERTO_HOOK",           "CERTO_EVENT",       "CERTO_SUBJECT",
    "CERTO_KEY_PATH",  "CERTO_CERT_PATH",      "CERTO_CHAIN_PATH",  "CERTO_DNS_ZONE",
    "CERTO_NOT_AFTER", "CERTO_FULLCHAIN_PATH", "CERTO_SERIAL",      "CERTO_BASE_URL"};

/// A sentence for each variable CERTO_… that belongs to no option.
std::vector<std::string> unknown_variables(const std::vector<Setting>& settings) {
  std::vector<std::string> known(std::begin(other_variables), std::end(other_variables)), lines;
  for (const Setting& setting : settings) known.push_back(environment_name(*setting.option));
  for (const char* const* entry = environ; entry && *entry; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    if (!name.starts_with("CERTO_") || std::ranges::find(known, name) != known.end()) continue;
    const std::optional<std::string> near = did_you_mean(name, known);
    lines.push_back(name + ": certo reads no variable of this name" + (near ? "; " + *near : ""));
  }
  return lines;
}

/// certo.conf, line by line. Options that were given are noted before the first line, so that a line cannot
/// override them, but can repeat an earlier line.
class ConfigReader {
 public:
  /// `off`: options that no line turns on.
  ConfigReader(Args& args, std::vector<Setting> settings, const std::vector<Option>& off, std::string path)
      : args_(args), settings_(std::move(settings)), path_(std::move(path)) {
    for (const auto& [option, taken] : settings_) {
      const bool is_off = std::ranges::find(off, *option) != off.end();
      if (!taken || is_off || args.has(*option)) closed_.insert(option);
    }
  }

  void read(const std::string& text) {
    for (const std::string& line : split(text, '\n')) {
      ++number_;
      const std::string_view content = trim(line);
      if (!content.empty() && content[0] != '#') read_line(content);
    }
  }

 private:
  void read_line(std::string_view line) {
    const size_t equals = line.find('=');
    if (equals == line.npos) fail("this line has no '='");
    const Option& option = find(trim(line.substr(0, equals)));
    const std::string value(trim(line.substr(equals + 1)));
    const bool is_switch = option.is_switch();
    if (is_switch && value != "yes" && value != "no")
      fail(long_flag(option).substr(2) + " must be yes or no");
    if (value.empty()) fail(long_flag(option).substr(2) + " has no value");
    if (closed_.contains(&option) || value == "no") return;
    if (is_switch) return args_.add_default(option, "");
    for (const std::string& part : parts(option, value)) args_.add_default(option, part);
  }

  const Option& find(std::string_view key) const {
    const std::string flag = "--" + std::string(key);
    std::vector<std::string> known;
    for (const auto& [option, taken] : settings_) {
      if (*option == flag::home || *option == flag::help) continue;
      const std::string name = long_flag(*option);
      if (name == flag) return *option;
      known.push_back(name.substr(2));
    }
    fail("'" + std::string(key) + "' is not a setting", did_you_mean(key, known).value_or(""));
  }

  [[noreturn]] void fail(const std::string& what, std::string hint = {}) const {
    if (hint.empty()) hint = "lines are KEY=value, with the names of long options as keys";
    throw Error(Exit::config, path_ + ": line " + std::to_string(number_) + ": " + what, hint);
  }

  Args& args_;
  std::vector<Setting> settings_;
  std::string path_;
  std::set<const Option*> closed_;
  int number_ = 0;
};

std::vector<std::string> lines_of(const std::string& path) {
  return split(os::read_trusted_if(path, os::of_state).value_or(""), '\n');
}

/// Nothing if the line is about something else.
std::optional<std::string> value_in(std::string_view line, std::string_view key) {
  const size_t equals = line.find('=');
  if (equals == line.npos || trim(line.substr(0, equals)) != key) return {};
  return std::string(trim(line.substr(equals + 1)));
}

}  // namespace

std::vector<std::string> add_defaults(Args& args, const Command& command, const Sets& sets) {
  const std::vector<Setting> all = settings(command, sets);
  const std::vector<Option> off = add_environment(args, all);
  std::vector<std::string> warnings = unknown_variables(all);
  if (!command.store) return warnings;
  const std::string path = home(args).path() + "/certo.conf";
  try {
    if (const std::optional<std::string> text = os::read_trusted_if(path, os::of_state)) {
      ConfigReader(args, all, off, path).read(*text);
    }
  } catch (const Error& error) {
    // A renewal does not need these settings, so a bad line about new certificates must not stop it.
    if (command.defaults_only.empty()) throw;
    warnings.push_back(error.message);
  }
  return warnings;
}

std::string configured(const std::string& folder, const Option& option) {
  const std::string key = long_flag(option).substr(2);
  std::string value;
  for (const std::string& line : lines_of(folder + "/certo.conf"))
    if (const auto given = value_in(line, key)) value = *given;
  return value;
}

void set_default(const std::string& folder, const std::string& key, const std::string& value) {
  const std::string path = folder + "/certo.conf";
  std::string text;
  for (const std::string& line : lines_of(path))
    if (!value_in(line, key)) text += line + "\n";
  while (text.ends_with("\n\n") || text == "\n") text.pop_back();
  if (!value.empty()) text += key + " = " + value + "\n";
  if (!text.empty() || os::exists(path)) os::write_file(path, text, 0600);
}

}  // namespace certo::console
