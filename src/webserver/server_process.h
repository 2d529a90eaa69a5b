// A process that may be a web server, as /proc shows it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace certo::webserver {

/// "/proc/PROCESS"
std::string folder_of_process(pid_t process);

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

/// `path`, which begins at `folder` unless it is absolute.
std::string absolute_to(const std::string& folder, const std::string& path);

}  // namespace certo::webserver
