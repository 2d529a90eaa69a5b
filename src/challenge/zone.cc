#include "challenge/zone.h"

#include <algorithm>
#include <set>

#include "challenge/alias.h"

namespace certo::challenge {
namespace {

constexpr Millis kPatience = Seconds(5);
// More than any honest zone has.
constexpr size_t kMostServers = 16;
constexpr size_t kMostAddresses = 8;

using Names = std::vector<std::string>;

std::vector<net::DnsAnswer> ask_all(const net::Resolver& resolver, const Names& names, net::DnsType type,
                                    const Deadline& deadline) {
  std::vector<net::DnsQuestion> questions;
  for (const std::string& name : names) questions.push_back({name, type, {}});
  return resolver.ask(questions, std::min(kPatience, deadline.left()));
}

/// Asks for the SOA of each name, then of its parent and so on where no zone is told. A resolver that
/// keeps silent is not asked again.
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

/// The values of `type` (NS names or addresses) that each name has, at most `most` of each.
std::map<std::string, Names> look_up(const net::Resolver& resolver, const std::set<std::string>& names,
                                     net::DnsType type, size_t most, const Deadline& deadline) {
  const Names asked(names.begin(), names.end());
  const auto answers = ask_all(resolver, asked, type, deadline);
  std::map<std::string, Names> found;
  for (size_t i = 0; i < asked.size(); ++i) {
    Names values = type == net::DnsType::ns ? answers[i].names : answers[i].addresses;
    if (values.size() > most) values.resize(most);
    found[asked[i]] = std::move(values);
  }
  return found;
}

/// A server on this machine is a private or test one: it listens where the resolver that was named listens.
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

  auto servers = look_up(resolver, zone_names, net::DnsType::ns, kMostServers, deadline);
  for (auto& [zone, list] : servers) {
    for (std::string& server : list) server_names.insert(server = canonical(server));
  }
  auto v4 = look_up(resolver, server_names, net::DnsType::a, kMostAddresses, deadline);
  auto v6 = look_up(resolver, server_names, net::DnsType::aaaa, kMostAddresses, deadline);

  Authorities found;
  for (const auto& [name, zone] : zones) {
    for (const std::string& server : servers[zone]) {
      for (const Names* addresses : {&v4[server], &v6[server]}) {
        for (const std::string& address : *addresses) {
          found[name].push_back({server, address, port_of(address, resolver)});
        }
      }
    }
  }
  return found;
}

}  // namespace certo::challenge
