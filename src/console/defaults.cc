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
    for (const Option& option : set->options) all.push_back({&option, takes(command, *set)});
  }
  return all;
}

std::vector<std::string> parts(const Option& option, const std::string& value) {
  if (!option.is_repeated()) return {value};
  std::vector<std::string> parts = split(value, ',');
  for (std::string& part : parts) part = trim(part);
  return parts;
}

void add_environment(Args& args, const std::vector<Setting>& settings) {
  for (const auto& [option, taken] : settings) {
    if (!taken || option->is_switch() || args.has(*option)) continue;
    const std::string value = os::environment(environment_name(*option).c_str());
    if (value.empty()) continue;
    for (const std::string& part : parts(*option, value)) args.add(*option, part);
  }
}

/// certo.conf, line by line. What was given is remembered before the first line, so that a line
/// neither overrides it nor is kept from repeating itself.
class ConfigReader {
 public:
  ConfigReader(Args& args, std::vector<Setting> settings, std::string path)
      : args_(args), settings_(std::move(settings)), path_(std::move(path)) {
    for (const auto& [option, taken] : settings_) {
      if (!taken || args.has(*option)) closed_.insert(option);
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

}  // namespace

void add_defaults(Args& args, const Command& command, const Sets& sets) {
  const std::vector<Setting> all = settings(command, sets);
  add_environment(args, all);
  if (!command.store) return;
  const std::string path = home(args).path() + "/certo.conf";
  if (const std::optional<std::string> text = os::read_trusted_if(path, os::of_state)) {
    ConfigReader(args, all, path).read(*text);
  }
}

void set_default(const std::string& folder, const std::string& key, const std::string& value) {
  const std::string path = folder + "/certo.conf";
  std::string text;
  for (const std::string& line : split(os::read_trusted_if(path, os::of_state).value_or(""), '\n')) {
    const std::string_view content = trim(line);
    const bool is_old =
        content.find('=') != content.npos && trim(content.substr(0, content.find('='))) == key;
    if (!is_old) text += line + "\n";
  }
  while (text.ends_with("\n\n") || text == "\n") text.pop_back();
  os::write_file(path, text + key + " = " + value + "\n", 0600);
}

}  // namespace certo::console
