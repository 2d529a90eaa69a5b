// The service of systemd that this process belongs to.
#pragma once

#include <string>
#include <string_view>

namespace certo::os {

/// "certo.service", if systemd started this process for a service; "" otherwise.
std::string own_service();
/// The same by the content of /proc/self/cgroup, for a process that systemd started.
std::string service_in(std::string_view cgroups);

/// The command that changes the settings of the service of this process: "'systemctl edit certo.service'".
std::string edit_command(const std::string& service);

/// Why a file in /tmp or /var/tmp is missing in the service of this process: PrivateTmp= hides what others
/// put there. "" for other paths, and outside of a service.
std::string hint_of_private_tmp(const std::string& path);

}  // namespace certo::os
