// What a web server answers on this machine: whether edits have taken effect.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "webserver/listen.h"

namespace certo::webserver {

/// One address, and a name to ask it for.
struct Spot {
  std::string name;  // of -d; an IPv6 address has brackets
  Address address;
  bool has_tls = false;
};

/// The address literal and the port by which this machine reaches it: "*:80" is 127.0.0.1. Nothing for a unix
/// socket and for a name.
std::optional<std::pair<std::string, int>> reachable(const Address& address);

/// Fetches the challenge `token` from all spots, as a CA does (RFC 8555 section 8.3) but without following
/// redirects, until each answers with `content`, or until `limit`. Returns what is wrong; "" if nothing.
std::string missing_token(const std::vector<Spot>& spots, const std::string& token,
                          const std::string& content, Millis limit);

}  // namespace certo::webserver
