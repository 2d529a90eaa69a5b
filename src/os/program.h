// Programs of the system and of the user: the search for them, and the check before they are executed.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace certo::os {

/// The path to execute for the program `path`, which must be absolute and trusted (os/trust.h): the path
/// without links or, for a script, the path as given, so that the script's $0 does not change. Throws
/// Error{config}.
std::string trusted_program(const std::string& path);

/// Checks each program that a command for /bin/sh names by an absolute path, anywhere in the command. It does
/// not see what the shell computes (variables other than HOME, relative paths). Throws Error{config}.
void require_trusted_command(const std::string& command);

/// The sockets, and the programs and scripts, that such a command names by an absolute path.
std::vector<std::string> files_used(const std::string& command);

/// The absolute path of `name` on PATH, without any check; nothing if it is not on PATH.
std::optional<std::string> find_program(const std::string& name);
/// PATH, followed by those folders of `standard_path` that it does not name: cron's PATH is short, and what
/// works in a shell must work from cron.
std::string search_path();
inline constexpr const char* standard_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace certo::os
