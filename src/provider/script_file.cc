#include "provider/script_file.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/terminal.h"
#include "os/trust.h"
#include "provider/description.h"

namespace certo::provider {
namespace {

constexpr size_t largest_script = 1 << 20;
constexpr size_t most_settings = 100;
constexpr std::string_view script_start = "dns_", script_end = ".sh";

/// The text between the quotes of `NAME_info='…'` at the start of a line.
std::string_view info_block(std::string_view text) {
  constexpr std::string_view sign = "_info='";
  const size_t at = text.find(sign);
  if (at == text.npos) return {};
  const size_t line = text.rfind('\n', at) + 1;  // npos + 1 is 0
  if (!is_variable_name(text.substr(line, at - line))) return {};
  const std::string_view rest = text.substr(at + sign.size());
  return rest.substr(0, rest.find('\''));
}

bool is_optional(const std::string& about) {
  const std::string words = lower(about);
  return words.find("optional") != words.npos || words.find("default") != words.npos;
}

void add_setting(ScriptInfo& info, const std::string& name, const std::string& about, uint32_t group) {
  if (!is_variable_name(name) || !is_for_scripts(name) || info.settings.size() >= most_settings) return;
  if (std::ranges::find(info.settings, name, &Setting::name) != info.settings.end()) return;
  info.settings.push_back(
      {.name = name, .aliases = {}, .about = about, .group = is_optional(about) ? 0 : group});
}

void read_info(ScriptInfo& info, std::string_view block) {
  bool is_in_options = false;
  uint32_t group = 0;
  if (block.starts_with('[')) return;  // one script has JSON there
  for (const std::string& whole : split(block, '\n')) {
    const std::string line(trim(whole));
    if (info.title.empty()) info.title = line;
    if (!whole.starts_with(' ')) {
      is_in_options = line.starts_with("Option");
      group = line.starts_with("Options:") ? 1 : line.starts_with("OptionsAlt:") ? 2 : 0;
      if (line.starts_with("Site: ")) info.site = line.substr(6);
      if (line.starts_with("Docs: ")) info.docs = line.substr(6);
      continue;
    }
    const size_t blank = std::min(line.find(' '), line.size());
    std::string about(trim(line.substr(blank)));
    if (about.starts_with("- ")) about.erase(0, 2);
    if (is_in_options) add_setting(info, line.substr(0, blank), about, group);
  }
}

/// The names that the script reads from what acme.sh saved, which not every info block has.
void read_names(ScriptInfo& info, std::string_view text) {
  for (const std::string_view word : {"_readaccountconf_mutable ", "_readaccountconf ", "_readdomainconf "}) {
    for (size_t at = text.find(word); at != text.npos; at = text.find(word, at)) {
      at += word.size();
      std::string_view rest = text.substr(at, 100);
      if (rest.starts_with('"')) rest.remove_prefix(1);
      add_setting(info, std::string(rest.substr(0, rest.find_first_of(" \t\n\")}`;"))), "", 0);
    }
  }
}

}  // namespace

ScriptInfo parse_script(std::string_view text) {
  ScriptInfo info;
  read_info(info, info_block(text));
  read_names(info, text);
  add_setting(info, "CA_BUNDLE", "a file with the root certificates of the service. Optional.", 0);
  add_setting(info, "CA_PATH", "a folder with such files. Optional.", 0);
  return info;
}

bool is_for_scripts(const std::string& variable) {
  constexpr std::array machine = {"PATH",     "HOME",          "IFS",        "ENV",      "SHELL",
                                  "TMPDIR",   "HTTP_HEADER",   "LC_ALL",     "PS4",      "CDPATH",
                                  "BASH_ENV", "SSL_CERT_FILE", "PYTHONPATH", "SHELLOPTS"};
  return !variable.starts_with("LD_") && !variable.starts_with("CERTO") &&
         std::ranges::find(machine, variable) == machine.end();
}

bool is_script_name(const std::string& name) { return name.starts_with(script_start) && is_token(name); }

std::vector<std::string> script_folders(const std::vector<std::string>& of_providers) {
  std::vector<std::string> folders = of_providers;
  const std::string home = os::home_folder();
  const auto add = [&](const std::string& folder) {
    if (std::ranges::find(folders, folder) == folders.end()) folders.push_back(folder);
  };
  if (home.starts_with('/')) {
    add(os::path_in(home, ".acme.sh/dnsapi"));
    add(os::path_in(home, ".acme.sh"));
  }
  for (const char* folder : {"/root/.acme.sh/dnsapi", "/root/.acme.sh", "/usr/share/acme.sh/dnsapi",
                             "/usr/local/share/acme.sh/dnsapi", "/usr/lib/acme.sh/dnsapi",
                             "/usr/lib/acme/client/dnsapi", "/opt/acme.sh/dnsapi", "/etc/acme.sh/dnsapi"})
    add(folder);
  return folders;
}

std::optional<std::string> find_script(const std::string& name, const std::vector<std::string>& folders) {
  if (!is_token(name)) return std::nullopt;
  for (const std::string& folder : folders) {
    std::string path = os::path_in(folder, name + std::string(script_end));
    if (os::exists(path)) return path;
  }
  return std::nullopt;
}

std::vector<Listed> list_scripts(const std::vector<std::string>& folders) {
  std::vector<Listed> list;
  std::set<std::string> names;
  for (const std::string& folder : folders) {
    try {
      for (const std::string& file : os::list_folder(folder)) {
        if (!file.starts_with(script_start) || !file.ends_with(script_end)) continue;
        std::string name = file.substr(0, file.size() - script_end.size());
        if (is_token(name) && names.insert(name).second)
          list.push_back({std::move(name), "script", os::path_in(folder, file), "", {}});
      }
    } catch (const Error&) {
      // A folder that cannot be read offers no names.
    }
  }
  std::ranges::sort(list, {}, &Listed::name);
  return list;
}

std::string read_script(const std::string& path) {
  return os::read_trusted(path, os::of_settings, largest_script);
}

}  // namespace certo::provider
