// The servers that answer for a name: its zone (by SOA, upwards), the zone's name servers, their addresses.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/dns.h"

namespace certo::challenge {

struct Authority {
  std::string zone;
  std::vector<net::DnsServer> servers;  // one entry for each address
};
/// By name. A name whose servers cannot be found is absent.
using Authorities = std::map<std::string, Authority>;

Authorities find_authorities(const net::Resolver& resolver, const std::vector<std::string>& names,
                             const Deadline& deadline);

/// True if `name` is `zone` or below it.
bool is_within(const std::string& name, const std::string& zone);

/// 127.0.0.0/8 and ::1.
bool is_loopback(const std::string& address);

}  // namespace certo::challenge
