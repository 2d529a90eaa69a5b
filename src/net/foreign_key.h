// Why a TLS server refuses every handshake of certo: its key is of a type that mbedTLS does not know. For
// this folder only.
#pragma once

#include <string>

#include "base/time.h"
#include "net/url.h"

namespace certo::net {

/// Begins a handshake of TLS 1.2 for keys of Ed25519 and Ed448 only, and ends it when the certificate is
/// there: "a key of type Ed25519". "" if the server does not show such a certificate (with TLS 1.3 it is
/// encrypted). No proxy is asked. `ip_version`: 4, 6, or 0 for both.
std::string foreign_key_of(const Url& server, int ip_version, Millis limit);

}  // namespace certo::net
