// DNS messages that c-ares does not make (UPDATE, RFC 2136), sent as they are.
#pragma once

#include <string>

#include "base/text.h"
#include "base/time.h"

namespace certo::net {

/// Sends `message` over TCP (RFC 1035 section 4.2.2) to "host", "host:port" or "[address]:port", port 53
/// if there is none, and returns the answer. Throws Error{unreachable}, and Error{config} if `server` is none
/// of these.
Bytes exchange_dns_message(const std::string& server, const Bytes& message, Millis limit);

}  // namespace certo::net
