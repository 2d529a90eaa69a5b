#include "schedule/sandbox.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::schedule {
namespace {

/// The settings of [Service] by name. Those that are given several times are one list, which an empty value
/// empties.
using Settings = std::map<std::string, std::vector<std::string>>;

void read_settings(Settings& settings, std::string_view unit) {
  std::string section, whole;
  for (const std::string& line : split(unit, '\n')) {
    const std::string_view text = trim(line);
    if (text.starts_with('#') || text.starts_with(';')) continue;
    whole += text;
    if (whole.ends_with('\\')) {
      whole.back() = ' ';
      continue;
    }
    const std::string setting = std::exchange(whole, "");
    if (setting.starts_with('[')) section = setting;
    const size_t equals = setting.find('=');
    if (section != "[Service]" || equals == setting.npos) continue;
    std::vector<std::string>& values = settings[std::string(trim(setting.substr(0, equals)))];
    const std::string value(trim(setting.substr(equals + 1)));
    if (value.empty())
      values.clear();
    else
      values.push_back(value);
  }
}

std::string last_of(const Settings& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found == settings.end() || found->second.empty() ? "" : lower(found->second.back());
}

bool is_on(const std::string& value) {
  return value == "yes" || value == "true" || value == "on" || value == "1" || value == "disconnected";
}

/// The paths of a list: without the prefixes of systemd, and without quotes.
std::vector<std::string> paths_of(const Settings& settings, const std::string& name) {
  std::vector<std::string> paths;
  const auto found = settings.find(name);
  if (found == settings.end()) return paths;
  for (const std::string& value : found->second) {
    for (std::string path : split(value, ' ')) {
      std::erase(path, '"');
      path.erase(0, path.find_first_not_of("-+"));
      if (path.starts_with('/')) paths.push_back(path);
    }
  }
  return paths;
}

bool is_in(const std::string& path, const std::string& folder) {
  return folder == "/" || path == folder || path.starts_with(folder + "/");
}

/// With the links of the part that exists followed.
std::string without_links(const std::string& path) {
  std::string existing = path, rest;
  auto real = os::real_path(existing);
  while (!real && existing.find('/') != existing.npos && existing != "/") {
    rest = "/" + os::name_of(existing) + rest;
    existing = os::folder_of(existing);
    real = os::real_path(existing);
  }
  return real ? os::plain_path(*real + rest) : path;
}

}  // namespace

Sandbox::Sandbox(const std::vector<std::string>& units) {
  Settings settings;
  for (const std::string& unit : units) read_settings(settings, unit);
  const auto value = [&](const char* name) { return last_of(settings, name); };
  const auto add_if_on = [&](const char* name, std::string_view paths, Effect effect) {
    if (is_on(value(name))) add(paths, effect, std::string(name) + "=" + value(name));
  };
  add_if_on("PrivateTmp", "/tmp /var/tmp", Effect::hidden);
  add_if_on("PrivateDevices", "/dev", Effect::hidden);
  add("/dev/shm /dev/pts /dev/mqueue /dev/hugepages /dev/null /dev/zero /dev/full /dev/random /dev/urandom "
      "/dev/tty /dev/log /dev/fd /dev/stdin /dev/stdout /dev/stderr",
      Effect::bound, "");
  add_if_on("ProtectKernelTunables", "/proc/sys /sys", Effect::read_only);
  add_if_on("ProtectControlGroups", "/sys/fs/cgroup", Effect::read_only);
  add_if_on("ProtectKernelModules", "/usr/lib/modules", Effect::hidden);

  const std::string system = value("ProtectSystem");
  const std::string setting = "ProtectSystem=" + system;
  if (is_on(system) || system == "full") add("/usr /boot /efi", Effect::read_only, setting);
  if (system == "full") add("/etc", Effect::read_only, setting);
  if (system == "strict") {
    add("/", Effect::read_only, setting);
    add("/dev /proc /sys", Effect::writable, "");
  }
  const std::string homes = value("ProtectHome");
  if (!homes.empty()) {
    const bool is_hidden = is_on(homes) || homes == "tmpfs";
    if (is_hidden || homes == "read-only")
      add("/home /root /run/user", is_hidden ? Effect::hidden : Effect::read_only, "ProtectHome=" + homes);
  }
  const auto add_list = [&](const char* name, Effect effect) {
    for (const std::string& path : paths_of(settings, name))
      rules_.push_back({os::plain_path(path), effect, std::string(name) + "=" + path});
  };
  add_list("ReadOnlyPaths", Effect::read_only);
  add_list("InaccessiblePaths", Effect::hidden);
  add_list("ReadWritePaths", Effect::writable);
  for (const std::string& path : paths_of(settings, "BindPaths")) {
    const std::vector<std::string> parts = split(path, ':');  // SOURCE:PLACE:OPTIONS
    rules_.push_back({os::plain_path(parts[parts.size() > 1 ? 1 : 0]), Effect::bound, ""});
  }
}

void Sandbox::add(std::string_view paths, Effect effect, std::string setting) {
  for (const std::string& path : split(paths, ' ')) {
    if (!path.empty()) rules_.push_back({path, effect, setting});
  }
}

/// The rule with the longest path; of two such rules, the later one.
const Sandbox::Rule* Sandbox::nearest(const std::string& path, Effect one, Effect other) const {
  const Rule* best = nullptr;
  for (const Rule& rule : rules_) {
    if (rule.effect != one && rule.effect != other && rule.effect != Effect::bound) continue;
    if (is_in(path, rule.path) && (!best || rule.path.size() >= best->path.size())) best = &rule;
  }
  return best;
}

std::optional<Obstacle> Sandbox::obstacle_without_links(const std::string& path, Access access) const {
  const std::string real = os::plain_path(path);
  const Rule* rule = nearest(real, Effect::hidden, Effect::hidden);
  if (rule && rule->effect == Effect::hidden) {
    const bool is_tmp = rule->setting.starts_with("PrivateTmp");
    const std::string name = rule->setting.substr(0, rule->setting.find('='));
    return Obstacle{
        (is_tmp ? "certo.service has its own " : "certo.service cannot see ") + rule->path + " (" +
            rule->setting + ")",
        is_tmp ? "choose a place outside of /tmp and /var/tmp, or let cron start certo: "
                 "certo schedule install --kind cron"
               : "choose another place, or change " + name + "= with 'systemctl edit certo.service'"};
  }
  if (access == Access::read) return {};
  rule = nearest(real, Effect::read_only, Effect::writable);
  if (!rule || rule->effect != Effect::read_only) return {};
  return Obstacle{
      "certo.service cannot write below " + rule->path + " (" + rule->setting + ")",
      "add ReadWritePaths=" + real + " with 'systemctl edit certo.service', or choose another place"};
}

std::optional<Obstacle> Sandbox::obstacle(const std::string& path, Access access) const {
  if (auto found = obstacle_without_links(path, access)) return found;
  const std::string real = without_links(path);
  return real == path ? std::nullopt : obstacle_without_links(real, access);
}

Sandbox sandbox_of_service(std::string_view unit, const std::string& root) {
  // A file hides one of the same name in a folder after it; the names decide the order.
  std::map<std::string, std::string> drop_ins;
  for (const char* folder : {"/etc", "/run", "/usr/lib"}) {
    const std::string path = root + folder + "/systemd/system/certo.service.d";
    for (const std::string& name : os::list_folder(path))
      if (name.ends_with(".conf"))
        drop_ins.emplace(name, os::read_file_if(path + "/" + name).value_or(std::string()));
  }
  std::vector<std::string> units = {std::string(unit)};
  for (auto& [name, text] : drop_ins) units.push_back(std::move(text));
  return Sandbox(units);
}

}  // namespace certo::schedule
