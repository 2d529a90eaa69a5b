// The address that the responder listens on.
#pragma once

#include <string>
#include <string_view>

#include "os/fd.h"

namespace certo::challenge {

/// The ports that a CA connects to for http-01 and tls-alpn-01.
inline constexpr int http_port = 80;
inline constexpr int tls_port = 443;

struct Listen {
  std::string address;          // literal, without brackets; "" for all, IPv6 and IPv4
  int port = 0;                 // 0: any free port
  int public_port = http_port;  // that the CA connects to
};

/// "ADDR:PORT", "[V6]:PORT", ":PORT"; "" is `public_port` of all addresses. Throws Error{usage}.
Listen parse_listen(std::string_view text, int public_port);

/// A socket that listens and does not block: one that systemd passed to certo, or a new one. Throws
/// Error{config} if the port is in use or this machine does not have the address, {not_permitted} if this
/// user must not open the port.
os::Fd listen_on(const Listen& where);

}  // namespace certo::challenge
