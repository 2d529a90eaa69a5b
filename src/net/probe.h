// Reads the certificates that a server presents, to prove that an installation took effect, and to look at
// them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

#include "base/time.h"

namespace certo::net {

struct TlsServer {
  std::string host;  // a name or an address, without brackets
  int port = 0;
  std::string starttls{};  // one of starttls_protocols(); empty: TLS from the first byte on
};

/// "HOST:PORT" or "HOST:PORT/PROTOCOL". Throws Error{usage}.
TlsServer parse_tls_server(const std::string& text);

/// "HOST:PORT[/PROTOCOL]", with an IPv6 address in brackets.
std::string spoken(const TlsServer& server);

struct Presented {
  std::vector<std::string> chain;  // PEM, in the order of the server: its own one first
  std::string address;             // that was connected to
};

/// The host has no address of the family, or this machine has no way to the family's addresses.
struct NoSuchAddress : Error {
  using Error::Error;
};

/// The server presents a certificate that certo cannot read.
struct UnreadableCertificate : Error {
  using Error::Error;
};

/// `name` is sent as SNI. `ip_version` is 4, 6, or 0 for whichever answers. Nothing is verified. Throws
/// Error{unreachable} if there is no connection or no TLS within `limit`, and the two above. A server that
/// asks for a certificate of ours, and then ends the connection, has presented its own.
Presented presented_chain(const TlsServer& server, const std::string& name, Millis limit, int ip_version = 0);

/// The server's own certificate as PEM, the same way.
std::string presented_certificate(const TlsServer& server, const std::string& name, Millis limit);

}  // namespace certo::net
