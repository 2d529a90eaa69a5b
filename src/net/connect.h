// A TCP connection to an address.
#pragma once

#include <string>

#include "base/time.h"
#include "os/fd.h"

namespace certo::net {

struct Connected {
  os::Fd fd;  // does not block; closed if there is no connection
  bool is_refused = false;
  bool has_no_route = false;  // this machine cannot reach the address at all
};

/// `address`: literal, without brackets. Throws Interrupted.
Connected connect_to(const std::string& address, int port, const Deadline& until);

}  // namespace certo::net
