// Where the responder listens.
#pragma once

#include <string>
#include <string_view>

#include "os/fd.h"

namespace certo::challenge {

struct Listen {
  std::string address;  // literal, without brackets; "" for all, IPv6 and IPv4
  int port = 80;        // 0: any that is free
};

/// "ADDR:PORT", "[V6]:PORT", ":PORT"; "" is port 80 of all addresses. Throws Error{usage}.
Listen parse_listen(std::string_view text);

/// A socket that listens and does not block. Throws Error{config} when the port is in use or the
/// address is not ours, {not_permitted} when this user may not have the port.
os::Fd listen_on(const Listen& where);

}  // namespace certo::challenge
