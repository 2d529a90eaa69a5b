#include "net/authority.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "base/text.h"
#include "base/warn_once.h"

namespace certo::net {
namespace {

constexpr Millis answer_within = Seconds(5);
// No honest zone has more.
constexpr size_t most_servers = 16;
constexpr size_t most_addresses = 8;
constexpr size_t most_asked = 4;  // addresses for one question
constexpr Millis patiences[] = {Millis(1500), Millis(3000)};
constexpr int most_levels = 4;  // of zones below the one that the resolver names

using Names = std::vector<std::string>;

std::vector<DnsAnswer> ask_all(const Resolver& resolver, const Names& names, DnsType type,
                               const Deadline& deadline) {
  std::vector<DnsQuestion> questions;
  for (const std::string& name : names) questions.push_back({name, type, {}});
  return resolver.ask(questions, std::min(answer_within, deadline.left()));
}

/// Servers that did not answer, by address and port.
class SilentServers {
 public:
  static void add(const DnsServer& server) {
    const std::lock_guard guard(mutex());
    all().insert({server.address, server.port});
  }
  static bool contains(const DnsServer& server) {
    const std::lock_guard guard(mutex());
    return all().contains({server.address, server.port});
  }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static std::set<std::pair<std::string, int>>& all() {
    static std::set<std::pair<std::string, int>> one;
    return one;
  }
};

/// The first name that surely exists: a resolver that hears that a parent does not exist may deny all names
/// below it (RFC 8020).
std::string place_above(const std::string& name) {
  return name.starts_with('_') ? host_of(name) : parent(name);
}

/// Asks for the SOA of each name's parent, then of its grandparent and so on until a zone is found. A
/// resolver that does not answer is not asked again.
std::map<std::string, std::string> find_zones(const Resolver& resolver, const Names& names,
                                              const Deadline& deadline) {
  std::map<std::string, std::string> zones;
  std::map<std::string, Names> open;  // by the name that is asked for
  for (const std::string& name : names)
    if (const std::string above = place_above(name); !above.empty()) open[above].push_back(name);

  while (!open.empty()) {
    Names asked;
    for (const auto& [name, wanted_by] : open) asked.push_back(name);
    const auto answers = ask_all(resolver, asked, DnsType::soa, deadline);

    std::map<std::string, Names> next;
    for (size_t i = 0; i < asked.size(); ++i) {
      const std::string zone = canonical(answers[i].soa);
      const std::string above = parent(asked[i]);
      if (answers[i].status == DnsStatus::servfail)
        log::warn_once("the resolver answers SERVFAIL for " + asked[i] +
                       ": its name servers cannot be reached, or its DNSSEC signatures are wrong");
      for (const std::string& name : open[asked[i]]) {
        if (!zone.empty() && is_within(name, zone)) {
          zones[name] = zone;
        } else if (!above.empty() && answers[i].status != DnsStatus::timeout) {
          next[above].push_back(name);
        }
      }
    }
    open = std::move(next);
  }
  return zones;
}

/// The NS names of each zone.
std::map<std::string, Names> find_servers(const Resolver& resolver, const std::set<std::string>& zones,
                                          const Deadline& deadline) {
  const Names asked(zones.begin(), zones.end());
  const auto answers = ask_all(resolver, asked, DnsType::ns, deadline);
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
std::map<std::string, Names> find_addresses(const Resolver& resolver, const std::set<std::string>& servers,
                                            const Deadline& deadline) {
  std::vector<DnsQuestion> questions;
  for (const std::string& server : servers) {
    for (const DnsType type : {DnsType::a, DnsType::aaaa}) questions.push_back({server, type, {}});
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
int port_of(const std::string& address, const Resolver& resolver) {
  const bool is_on_this_machine = address.starts_with("127.") || address == "::1";
  return is_on_this_machine ? resolver.port() : 53;
}

}  // namespace

std::string canonical(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return lower(name);
}

std::string parent(const std::string& name) {
  const size_t dot = name.find('.');
  return dot == name.npos ? "" : name.substr(dot + 1);
}

std::string host_of(const std::string& name) {
  std::string host = name;
  while (host.starts_with('_')) host = parent(host);
  return host;
}

bool is_within(const std::string& name, const std::string& zone) {
  return name == zone || name.ends_with("." + zone);
}

void note_silent(const DnsServer& server) {
  if (!server.address.empty()) SilentServers::add(server);
}

void say_lame(const DnsServer& server) {
  log::warn_once(
      server.name + " (" + server.address +
      ") answers for a zone without authority, so its answers do not count: is it still meant to serve the zone?");
}

namespace {

/// One question for each server, and whose name it is for.
struct Asked {
  std::vector<DnsQuestion> questions;
  Names names;
};

Asked questions_of(const Authorities& authorities, DnsType type,
                   const std::map<std::string, DnsAnswer>& known) {
  Asked asked;
  for (const auto& [name, authority] : authorities) {
    if (known.contains(name)) continue;
    for (size_t n = 0; n < std::min(authority.servers.size(), most_asked); ++n) {
      if (SilentServers::contains(authority.servers[n])) continue;
      asked.questions.push_back({name, type, {authority.servers[n]}});
      asked.names.push_back(name);
    }
  }
  return asked;
}

bool is_of_use(const DnsAnswer& answer) {
  const bool says_something = answer.status == DnsStatus::answered || answer.status == DnsStatus::no_data ||
                              answer.status == DnsStatus::no_name;
  return says_something && (answer.authoritative || !answer.delegated.empty());
}

}  // namespace

std::map<std::string, DnsAnswer> ask_authorities(const Resolver& resolver, const Authorities& authorities,
                                                 DnsType type, const Deadline& deadline) {
  std::map<std::string, DnsAnswer> known;
  for (const Millis patience : patiences) {
    const Asked asked = questions_of(authorities, type, known);
    if (asked.questions.empty()) break;
    const auto answers = resolver.ask(asked.questions, std::min(patience, deadline.left()));
    for (size_t i = 0; i < answers.size(); ++i) {
      const bool is_better = !known.contains(asked.names[i]) || !known[asked.names[i]].authoritative;
      if (is_of_use(answers[i]) && is_better) known[asked.names[i]] = answers[i];
      if (answers[i].status == DnsStatus::no_name && !is_of_use(answers[i]))
        say_lame(asked.questions[i].servers.front());
    }
    if (patience != patiences[1]) continue;
    for (size_t i = 0; i < answers.size(); ++i)
      if (answers[i].status == DnsStatus::timeout) note_silent(asked.questions[i].servers.front());
  }
  return known;
}

namespace {

/// Server names by zone, as addresses that are worth asking.
std::map<std::string, Authority> with_addresses(const Resolver& resolver,
                                                const std::map<std::string, Names>& servers,
                                                const Deadline& deadline) {
  std::set<std::string> names;
  for (const auto& [zone, list] : servers) names.insert(list.begin(), list.end());
  auto addresses = find_addresses(resolver, names, deadline);
  std::map<std::string, Authority> found;
  for (const auto& [zone, list] : servers) {
    Authority& authority = found[zone];
    authority.zone = zone;
    for (const std::string& name : list)
      for (const std::string& address : addresses[name]) {
        const DnsServer server{name, address, port_of(address, resolver)};
        if (!SilentServers::contains(server)) authority.servers.push_back(server);
      }
  }
  return found;
}

/// A zone below the one that was found: the name servers by zone; `zones` says which name is in it.
struct Descent {
  std::map<std::string, Names> servers;
  std::map<std::string, std::string> zones;
};

/// Asks the zones' servers for the SOA of the names. A referral, or an SOA further down, leads to the zone
/// that really holds a name.
Descent descend(const Resolver& resolver, const Authorities& found, const Deadline& deadline) {
  const auto answers = ask_authorities(resolver, found, DnsType::soa, deadline);
  Descent descent;
  std::set<std::string> unknown;  // zones whose name servers the answer does not name
  for (const auto& [name, answer] : answers) {
    const std::string& zone = found.at(name).zone;
    const auto is_deeper = [&](const std::string& other) {
      return other.size() > zone.size() && is_within(other, zone) && is_within(name, other);
    };
    if (!answer.authoritative && is_deeper(answer.delegated)) {
      descent.zones[name] = answer.delegated;
      const size_t count = std::min(answer.referral.size(), most_servers);
      descent.servers[answer.delegated].assign(answer.referral.begin(),
                                               answer.referral.begin() + static_cast<ptrdiff_t>(count));
    } else if (answer.authoritative && is_deeper(answer.soa)) {
      descent.zones[name] = answer.soa;
      unknown.insert(answer.soa);
    }
  }
  // Such a zone exists, so the resolver has nothing to remember wrongly.
  descent.servers.merge(find_servers(resolver, unknown, deadline));
  return descent;
}

}  // namespace

Authorities find_authorities(const Resolver& resolver, const Names& names, const Deadline& deadline) {
  const auto zones = find_zones(resolver, names, deadline);
  std::set<std::string> zone_names;
  for (const auto& [name, zone] : zones) zone_names.insert(zone);
  const auto by_zone = with_addresses(resolver, find_servers(resolver, zone_names, deadline), deadline);

  Authorities found;
  for (const auto& [name, zone] : zones)
    if (const auto authority = by_zone.find(zone); authority != by_zone.end())
      found[name] = authority->second;
  Authorities open = found;
  for (int level = 0; level < most_levels && !open.empty(); ++level) {
    const Descent descent = descend(resolver, open, deadline);
    const auto below = with_addresses(resolver, descent.servers, deadline);
    open.clear();
    for (const auto& [name, zone] : descent.zones) {
      const auto authority = below.find(zone);
      open[name] = found[name] = authority == below.end() ? Authority{zone, {}} : authority->second;
    }
  }
  return found;
}

}  // namespace certo::net
