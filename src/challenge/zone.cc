#include "challenge/zone.h"

#include <algorithm>
#include <set>

#include "challenge/alias.h"

namespace certo::challenge {
namespace {

constexpr Millis answer_within = Seconds(5);
// No honest zone has more.
constexpr size_t most_servers = 16;
constexpr size_t most_addresses = 8;

using Names = std::vector<std::string>;

std::vector<net::DnsAnswer> ask_all(const net::Resolver& resolver, const Names& names, net::DnsType type,
                                    const Deadline& deadline) {
  std::vector<net::DnsQuestion> questions;
  for (const std::string& name : names) questions.push_back({name, type, {}});
  return resolver.ask(questions, std::min(answer_within, deadline.left()));
}

/// Asks for the SOA of each name, then of its parent and so on until a zone is found. A resolver that does
/// not answer is not asked again.
std::map<std::string, std::string> find_zones(const net::Resolver& resolver, const Names& names,
                                              const Deadline& deadline) {
  std::map<std::string, std::string> zones;
  std::map<std::string, Names> open;  // by the name that is asked for
  for (const std::string& name : names) open[name].push_back(name);

  while (!open.empty()) {
    Names asked;
    for (const auto& [name, wanted_by] : open) asked.push_back(name);
    const auto answers = ask_all(resolver, asked, net::DnsType::soa, deadline);

    std::map<std::string, Names> next;
    for (size_t i = 0; i < asked.size(); ++i) {
      const std::string zone = canonical(answers[i].soa);
      const std::string above = parent(asked[i]);
      for (const std::string& name : open[asked[i]]) {
        if (!zone.empty() && is_within(name, zone)) {
          zones[name] = zone;
        } else if (!above.empty() && answers[i].status != net::DnsStatus::timeout) {
          next[above].push_back(name);
        }
      }
    }
    open = std::move(next);
  }
  return zones;
}

/// The NS names of each zone.
std::map<std::string, Names> find_servers(const net::Resolver& resolver, const std::set<std::string>& zones,
                                          const Deadline& deadline) {
  const Names asked(zones.begin(), zones.end());
  const auto answers = ask_all(resolver, asked, net::DnsType::ns, deadline);
  std::map<std::string, Names> servers;
  for (size_t i = 0; i < asked.size(); ++i) {
    const Names& names = answers[i].names;
    for (size_t n = 0; n < std::min(names.size(), most_servers); ++n) {
      servers[asked[i]].push_back(canonical(names[n]));
    }
  }
  return servers;
}

/// IPv4 and IPv6 addresses of each server.
std::map<std::string, Names> find_addresses(const net::Resolver& resolver,
                                            const std::set<std::string>& servers, const Deadline& deadline) {
  std::vector<net::DnsQuestion> questions;
  for (const std::string& server : servers) {
    for (const net::DnsType type : {net::DnsType::a, net::DnsType::aaaa})
      questions.push_back({server, type, {}});
  }
  const auto answers = resolver.ask(questions, std::min(answer_within, deadline.left()));
  std::map<std::string, Names> found;
  for (size_t i = 0; i < questions.size(); ++i) {
    const Names& addresses = answers[i].addresses;
    for (size_t n = 0; n < std::min(addresses.size(), most_addresses); ++n) {
      found[questions[i].name].push_back(addresses[n]);
    }
  }
  return found;
}

/// A server on this machine is a private or test server: it uses the port of the given resolver.
int port_of(const std::string& address, const net::Resolver& resolver) {
  return is_loopback(address) ? resolver.port() : 53;
}

}  // namespace

bool is_within(const std::string& name, const std::string& zone) {
  return name == zone || name.ends_with("." + zone);
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

Authorities find_authorities(const net::Resolver& resolver, const Names& names, const Deadline& deadline) {
  const auto zones = find_zones(resolver, names, deadline);
  std::set<std::string> zone_names, server_names;
  for (const auto& [name, zone] : zones) zone_names.insert(zone);

  auto servers = find_servers(resolver, zone_names, deadline);
  for (const auto& [zone, list] : servers) server_names.insert(list.begin(), list.end());
  auto addresses = find_addresses(resolver, server_names, deadline);

  Authorities found;
  for (const auto& [name, zone] : zones) {
    for (const std::string& server : servers[zone]) {
      for (const std::string& address : addresses[server]) {
        found[name].zone = zone;
        found[name].servers.push_back({server, address, port_of(address, resolver)});
      }
    }
  }
  return found;
}

}  // namespace certo::challenge
