// What a CA sees that validates tls-alpn-01 (RFC 8737 section 3), for `certo check`.
#pragma once

#include <string>

#include "base/text.h"
#include "base/time.h"

namespace certo::crypto {

struct AlpnSight {
  bool is_tls = false;       // something spoke TLS
  bool speaks_acme = false;  // it chose acme-tls/1
  Bytes certificate;         // its own, DER; empty if it showed none
  std::string reason;        // why the handshake ended
};

/// Shakes hands on `fd`, which does not block, as the CA that looks for `name` (crypto::server_name). The
/// certificate is not verified, and nothing is sent after it. Throws Interrupted.
AlpnSight look_by_alpn(int fd, const std::string& name, const Deadline& until);

/// Whether it has the critical extension with this key authorization.
bool holds(const Bytes& certificate, const std::string& key_authorization);

}  // namespace certo::crypto
