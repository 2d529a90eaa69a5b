// What DNS says about one name, asked once for all checks.
#pragma once

#include <string>
#include <vector>

#include "check/finding.h"
#include "check/scene.h"
#include "net/dns.h"

namespace certo::check {

struct Survey {
  crypto::Identifier identifier;        // without "*."
  std::string zone;                     // "" if it was not found
  std::vector<net::DnsServer> servers;  // that the zone is delegated to, each address
  std::vector<std::string> addresses;   // at most eight; IPv6 first, as CAs prefer it
  net::DnsAnswer a, aaaa;               // of the resolver
  bool is_silent = false;               // the resolver says nothing at all
  bool is_forgotten = false;            // `addresses` are of the zone's servers, and the resolver has none
  bool is_denied = false;               // the zone's own servers say that the name does not exist
  Outlook outlook;                      // whether the CA sees the same DNS
};

/// Asks the resolver and the zone's servers.
Survey survey(const net::Resolver& resolver, const Scene& scene, const crypto::Identifier& identifier);

enum class Realm { everybody, private_network, this_machine };
/// The realm of a literal address (RFC 6890).
Realm realm(const std::string& address);
bool is_v6(const std::string& address);

/// Whether what an address answers here is what the CA gets.
Outlook outlook_on(const Scene& scene, const std::string& address);

}  // namespace certo::check
