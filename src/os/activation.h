// Sockets that systemd opened and passed to this process (sd_listen_fds(3)): a unit with ListenStream=443
// lets certo answer on a port that its own user must not open.
#pragma once

#include <string>

#include "os/fd.h"

namespace certo::os {

/// A copy of the passed socket that listens on `port`, and on `address` unless that is ""; nothing if none
/// does. The passed ones stay open for the next call. Children do not inherit them.
Fd passed_listener(const std::string& address, int port);

}  // namespace certo::os
