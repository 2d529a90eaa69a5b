// A process that may be a web server, as /proc shows it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "os/child.h"

namespace certo::webserver {

/// "/proc/PROCESS"
std::string folder_of_process(pid_t process);
/// The text of /proc/PROCESS/NAME; "" if the process has ended, or if this user may not read it.
std::string text_of_process(pid_t process, const std::string& name);
/// Its program and arguments, each with a zero byte after it; a title, if the process has set one.
inline std::string command_line_of(pid_t process) { return text_of_process(process, "cmdline"); }

/// Whether certo may run the program of a process, and believe the paths that its command line names.
enum class Trust {
  obeyed,
  ended,
  foreign,   // it belongs to a user who is neither root nor the one who runs certo
  contained  // it sees other files than certo does: in a container or in a chroot
};
Trust trust_in(pid_t process);
/// Why none of the processes of a server can be used; nothing if both lists are empty. `name`: "nginx".
std::optional<Error> out_of_reach(const std::string& name, const std::vector<pid_t>& contained,
                                  const std::vector<pid_t>& foreign);
/// Root's. False if the process has ended.
bool is_of_root(pid_t process);
/// The process that started it; 0 if that is not known.
pid_t parent_of(pid_t process);

/// The program that runs or, if this user may not see that, the one that its command line names as `named`;
/// "" if that is not found.
std::string program_of(pid_t process, const std::string& named);
/// Its working folder; "/" if this user may not see it.
std::string working_folder_of(pid_t process);

/// Those that it has started.
std::vector<pid_t> children_of(pid_t process);

/// The unit of the system that runs it: "nginx.service"; "" if none does, or if systemd is not here.
std::string unit_of(pid_t process);
/// The same from the text of /proc/PID/cgroup.
std::string unit_in(std::string_view cgroup);
/// "systemctl", `verb` and the unit; nothing if there is no unit.
std::vector<std::string> unit_command(const std::string& verb, const std::string& unit);

/// Limits of a server's own test and of its reload, which take long for a large configuration.
inline constexpr Seconds longest_test{300}, longest_reload{120};

/// Runs a command that controls a server, its program first, which nobody but root may have written.
/// `environment`: NAME=value; that of this process, cleaned, if it is empty. `folder`: to work in.
os::Finished run_control(const std::vector<std::string>& words, Millis limit,
                         std::vector<std::string> environment = {}, const std::string& folder = "");

/// `path`, which begins at `folder` unless it is absolute.
std::string absolute_to(const std::string& folder, const std::string& path);

}  // namespace certo::webserver
