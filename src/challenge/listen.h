// The address that the responder listens on.
#pragma once

#include <string>
#include <string_view>

#include "os/fd.h"

namespace certo::challenge {

struct Listen {
  std::string address;  // literal, without brackets; "" for all, IPv6 and IPv4
  int port = 80;        // 0: any free port
};

/// "ADDR:PORT", "[V6]:PORT", ":PORT"; "" is port 80 of all addresses. Throws Error{usage}.
Listen parse_listen(std::string_view text);

/// A socket that listens and does not block. Throws Error{config} if the port is in use or this machine does
/// not have the address, {not_permitted} if this user must not open the port.
os::Fd listen_on(const Listen& where);

}  // namespace certo::challenge
