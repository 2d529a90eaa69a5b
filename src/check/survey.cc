#include "check/survey.h"

#include <arpa/inet.h>

#include <algorithm>

#include "net/authority.h"

namespace certo::check {
namespace {

constexpr size_t most_looked_at = 8;

Realm realm_of_v4(uint32_t address) {
  const auto is_in = [&](uint32_t network, int bits) { return (address ^ network) >> (32 - bits) == 0; };
  if (is_in(0x7f000000, 8)) return Realm::this_machine;
  const bool is_private = is_in(0x0a000000, 8) || is_in(0xac100000, 12) || is_in(0xc0a80000, 16) ||
                          is_in(0x64400000, 10) || is_in(0xa9fe0000, 16) || is_in(0, 8) ||
                          is_in(0xc0000000, 24) || is_in(0xc0000200, 24) || is_in(0xc6336400, 24) ||
                          is_in(0xcb007100, 24) || is_in(0xc6120000, 15) || is_in(0xe0000000, 3);
  return is_private ? Realm::private_network : Realm::everybody;
}

Realm realm_of_v6(const in6_addr& address) {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return Realm::this_machine;
  const bool is_documentation = address.s6_addr[0] == 0x20 && address.s6_addr[1] == 0x01 &&
                                address.s6_addr[2] == 0x0d && address.s6_addr[3] == 0xb8;
  const bool is_global = (address.s6_addr[0] & 0xe0) == 0x20;
  return is_global && !is_documentation ? Realm::everybody : Realm::private_network;
}

/// IPv6 first; then half of the room is for each family if both have many.
std::vector<std::string> addresses_of(const net::DnsAnswer& a, const net::DnsAnswer& aaaa) {
  std::vector<std::string> addresses;
  const auto take = [&](const std::vector<std::string>& more, size_t most) {
    for (const std::string& one : more)
      if (addresses.size() < most && std::ranges::find(addresses, one) == addresses.end())
        addresses.push_back(one);
  };
  take(aaaa.addresses, most_looked_at / 2);
  take(a.addresses, most_looked_at);
  return addresses;
}

/// A resolver may remember that there was no record.
void ask_the_zone(const net::Resolver& resolver, const Scene& scene, Survey& found) {
  const std::string& name = found.identifier.value;
  const auto answers =
      resolver.ask({{name, net::DnsType::a, found.servers}, {name, net::DnsType::aaaa, found.servers}},
                   std::min(answer_within, scene.deadline.left()));
  const net::DnsAnswer &a = answers[0], &aaaa = answers[1];
  found.is_denied = a.authoritative && a.status == net::DnsStatus::no_name;
  if (!a.authoritative || !aaaa.authoritative) return;
  found.addresses = addresses_of(a, aaaa);
  found.is_forgotten = !found.addresses.empty();
}

/// The public Internet, or a CA that is in the same network.
Outlook outlook_of(const Scene& scene, const std::vector<net::DnsServer>& servers) {
  if (!scene.ca.is_public) return {};
  if (servers.empty()) return {false, "the name servers of the zone cannot be found or reached from here"};
  for (const net::DnsServer& server : servers)
    if (realm(server.address) == Realm::everybody) return {};
  return {false, "the name servers seen here are in a private network, and the CA asks others"};
}

}  // namespace

bool is_v6(const std::string& address) { return address.find(':') != address.npos; }

Realm realm(const std::string& address) {
  in_addr v4{};
  in6_addr v6{};
  if (::inet_pton(AF_INET, address.c_str(), &v4) == 1) return realm_of_v4(ntohl(v4.s_addr));
  if (::inet_pton(AF_INET6, address.c_str(), &v6) == 1) return realm_of_v6(v6);
  return Realm::everybody;
}

Outlook outlook_on(const Scene& scene, const std::string& address) {
  const auto is_public_here = [&](const std::string& own) {
    return is_v6(own) == is_v6(address) && realm(own) == Realm::everybody;
  };
  const bool is_ours = std::ranges::find(scene.own_addresses, address) != scene.own_addresses.end();
  if (!scene.ca.is_public) return {};
  if (realm(address) != Realm::everybody)
    return {false, "DNS gives " + address +
                       " here, a private address, and the CA sees it only if public DNS has another one"};
  if (is_ours || std::ranges::any_of(scene.own_addresses, is_public_here)) return {};
  return {false, "this machine has no public address of its own, so a router may answer in its place"};
}

Survey survey(const net::Resolver& resolver, const Scene& scene, const crypto::Identifier& identifier) {
  Survey found;
  found.identifier = identifier;
  if (identifier.type == "ip") {
    found.addresses = {identifier.value};
    return found;
  }
  const std::string& name = identifier.value;
  const auto answers = resolver.ask({{name, net::DnsType::a, {}}, {name, net::DnsType::aaaa, {}}},
                                    std::min(answer_within, scene.deadline.left()));
  found.a = answers[0];
  found.aaaa = answers[1];
  found.addresses = addresses_of(found.a, found.aaaa);

  if (!found.a.is_heard && !found.aaaa.is_heard) {
    found.outlook = {false, "the resolver does not answer"};
    found.is_silent = true;
    return found;
  }
  // The second name leads to the zone of the first one, also if its parent cannot be asked.
  const std::string below = "_acme-challenge." + name;
  const net::Authorities zones = net::find_authorities(resolver, {name, below}, scene.deadline);
  for (const std::string& one : {name, below}) {
    const auto zone = zones.find(one);
    if (zone == zones.end() || !found.servers.empty() || !net::is_within(name, zone->second.zone)) continue;
    found.zone = zone->second.zone;
    found.servers = zone->second.servers;
  }
  found.outlook = outlook_of(scene, found.servers);
  if (found.addresses.empty() && !found.servers.empty()) ask_the_zone(resolver, scene, found);
  return found;
}

}  // namespace certo::check
