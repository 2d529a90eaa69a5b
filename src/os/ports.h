// The network of this machine: its addresses, and who listens on its ports (proc(5)).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace certo::os {

/// Literal addresses of the interfaces that are up.
std::vector<std::string> own_addresses();

/// The programs that listen on a TCP port of this address or of all addresses: "nginx (process 812)"; empty
/// if there is none, or if this user cannot see it. `address`: literal; "" for any.
std::vector<std::string> who_listens(const std::string& address, int port);
/// Whether this process does. False also if this user cannot see it.
bool listens(pid_t process, const std::string& address, int port);

}  // namespace certo::os
