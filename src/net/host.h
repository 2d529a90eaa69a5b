// Hosts in URLs and in "HOST:PORT".
#pragma once

#include <string>

namespace certo::net {

/// An IPv6 address in brackets (RFC 3986 section 3.2.2); another host as it is.
inline std::string bracketed(const std::string& host) {
  return host.find(':') == host.npos ? host : "[" + host + "]";
}

}  // namespace certo::net
