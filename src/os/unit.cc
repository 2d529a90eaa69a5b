#include "os/unit.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/terminal.h"

namespace certo::os {
namespace {

constexpr const char* usual = "certo.service";

}  // namespace

std::string service_in(std::string_view cgroups) {
  for (const std::string& line : split(cgroups, '\n')) {
    const bool is_of_systemd = line.starts_with("0::") || line.find(":name=systemd:") != line.npos;
    if (!is_of_systemd) continue;
    const std::string name = printable(name_of(line));
    if (name.ends_with(".service")) return name;
    if (name.ends_with(".scope")) return {};  // a session of a person, whose shell has systemd's variables
  }
  return usual;  // a container, for example, does not show the group
}

std::string own_service() {
  if (environment("INVOCATION_ID").empty()) return {};
  try {
    return service_in(read_file_if("/proc/self/cgroup").value_or(""));
  } catch (const Error&) {
    return usual;
  }
}

std::string hint_of_private_tmp(const std::string& path) {
  const bool is_temporary = path.starts_with("/tmp/") || path.starts_with("/var/tmp/");
  const std::string service = is_temporary ? own_service() : "";
  if (service.empty()) return {};
  return service + " has its own /tmp and /var/tmp (PrivateTmp=yes): choose another place";
}

std::string edit_command(const std::string& service) { return "'systemctl edit " + service + "'"; }

}  // namespace certo::os
