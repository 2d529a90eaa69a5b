// Reads the certificate that a server presents, to prove that an installation took effect.
#pragma once

#include <string>

#include "base/time.h"

namespace certo::net {

struct TlsServer {
  std::string host;  // a name or an address, without brackets
  int port = 0;
  std::string starttls;  // "smtp", "imap", "pop3", "ftp"; empty: TLS from the first byte on
};

/// "HOST:PORT" or "HOST:PORT/PROTOCOL". Throws Error{usage}.
TlsServer parse_tls_server(const std::string& text);

/// The server's own certificate as PEM. `name` is sent as SNI. The certificate is not verified.
/// Throws Error{unreachable} if there is no connection or no TLS within `limit`.
std::string presented_certificate(const TlsServer& server, const std::string& name, Millis limit);

}  // namespace certo::net
