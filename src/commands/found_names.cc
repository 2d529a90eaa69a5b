#include "commands/found_names.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/web_edits.h"
#include "console/ask.h"
#include "crypto/name.h"
#include "net/dns.h"
#include "os/ports.h"
#include "store/entry.h"
#include "webserver/server_way.h"

namespace certo::commands {
namespace {

/// Why certo cannot order this name for a block; "" if it can.
std::string reason_against(const std::string& name) {
  if (name.starts_with('~')) return "a regular expression";
  if (name.find('*') != std::string::npos || name.starts_with('.')) return "a wildcard needs --dns";
  try {
    const crypto::Identifier one = crypto::identifier(name);
    if (one.type != "dns") return "an address: name it with -d";
    crypto::require_public({one});
  } catch (const Error&) {
    return "not a public name";
  }
  return {};
}

std::string reason_against(const webserver::Owner& owner) {
  switch (owner.kind) {
    case webserver::OwnerKind::nginx_acme:
    case webserver::OwnerKind::mod_md:
    case webserver::OwnerKind::lua:
    case webserver::OwnerKind::panel: return owner.name + " looks after it";
    case webserver::OwnerKind::nobody:
    case webserver::OwnerKind::certbot:
    case webserver::OwnerKind::generator: break;
  }
  return {};
}

/// The sites, each name in one of them: blocks that share a name are one site.
class Collector {
 public:
  void add(const webserver::NamedHost& host) {
    const std::string refusal = reason_against(host.owner);
    std::vector<std::string> names;
    for (const std::string& name : host.names) {
      if (name.empty() || name == "_") continue;  // for requests without a known name
      const std::string why = refusal.empty() ? reason_against(name) : refusal;
      if (why.empty())
        names.push_back(name);
      else if (listed_.insert(name).second)
        found_.left_out.push_back(name + " (" + why + ")");
    }
    if (!names.empty()) join_site(host, names);
  }

  FoundSites take() {
    std::erase_if(found_.sites, [](const FoundSite& one) { return one.names.empty(); });
    return std::move(found_);
  }

 private:
  void join_site(const webserver::NamedHost& host, const std::vector<std::string>& names) {
    size_t at = found_.sites.size();
    for (const std::string& name : names)
      if (const auto known = site_of_.find(name); known != site_of_.end()) at = std::min(at, known->second);
    if (at == found_.sites.size()) found_.sites.push_back({host.place, {}});
    for (const std::string& name : names) {
      const auto [known, is_new] = site_of_.emplace(name, at);
      if (is_new)
        found_.sites[at].names.push_back(name);
      else if (known->second != at)
        move_site(known->second, at);
    }
  }

  void move_site(size_t from, size_t to) {
    for (const std::string& name : found_.sites[from].names) {
      site_of_[name] = to;
      found_.sites[to].names.push_back(name);
    }
    found_.sites[from].names.clear();
  }

  FoundSites found_;
  std::map<std::string, size_t> site_of_;
  std::set<std::string> listed_;
};

/// The names of all certificates in the store.
std::set<std::string> held_names(const store::Home& state) {
  std::set<std::string> held;
  store::find_entry(state, [&](const std::string&, const store::Request& request) {
    for (const crypto::Identifier& one : request.identifiers) held.insert(one.value);
    return false;
  });
  return held;
}

/// "leads to 192.0.2.1, not here"; "" if it leads to this machine.
std::string where_it_leads(const net::DnsAnswer& a, const net::DnsAnswer& aaaa,
                           const std::vector<std::string>& own) {
  std::vector<std::string> addresses = a.addresses;
  addresses.insert(addresses.end(), aaaa.addresses.begin(), aaaa.addresses.end());
  if (addresses.empty()) return "has no address";
  const bool is_here = std::ranges::any_of(
      addresses, [&](const std::string& one) { return std::ranges::find(own, one) != own.end(); });
  return is_here ? "" : "leads to " + addresses.front() + ", which is not this machine's own";
}

/// What a person should know of each site: by name.
std::map<std::string, std::string> remarks_on(const FoundSites& found) {
  std::vector<net::DnsQuestion> questions;
  std::vector<std::string> names;
  for (const FoundSite& site : found.sites)
    for (const std::string& name : site.names) {
      names.push_back(name);
      questions.push_back({.name = name, .type = net::DnsType::a, .servers = {}});
      questions.push_back({.name = name, .type = net::DnsType::aaaa, .servers = {}});
    }
  const log::Waiting live("asking where the names lead");
  const std::vector<net::DnsAnswer> answers =
      net::Resolver(std::vector<std::string>{}).ask(questions, Seconds(5));
  const std::vector<std::string> own = os::own_addresses();
  std::map<std::string, std::string> remarks;
  for (size_t i = 0; i < names.size(); ++i)
    if (std::string remark = where_it_leads(answers[2 * i], answers[2 * i + 1], own); !remark.empty())
      remarks[names[i]] = std::move(remark);
  return remarks;
}

bool is_held(const FoundSite& site, const std::set<std::string>& held) {
  return std::ranges::all_of(site.names, [&](const std::string& name) { return held.contains(name); });
}

void show(const FoundSites& found, const std::set<std::string>& held, const std::string& server) {
  const std::map<std::string, std::string> remarks = remarks_on(found);
  log::say(server + " has these sites:");
  size_t number = 0;
  for (const FoundSite& site : found.sites) {
    log::say("  " + std::to_string(++number) + "  " + join(site.names, " ") +
             (is_held(site, held) ? "  (has a certificate of certo's)" : "") + "  " + site.place);
    for (const std::string& name : site.names)
      if (const auto remark = remarks.find(name); remark != remarks.end())
        log::say("       " + name + " " + remark->second);
  }
  if (!found.left_out.empty()) log::say("left out: " + join(found.left_out, ", "));
}

/// "2 3" or "2,3"; nothing for another text.
std::optional<std::set<size_t>> chosen_numbers(std::string answer, size_t most) {
  std::ranges::replace(answer, ',', ' ');
  std::set<size_t> numbers;
  for (const std::string& word : split(answer, ' ')) {
    if (word.empty()) continue;
    const auto one = number(word, 1, static_cast<int64_t>(most));
    if (!one) return {};
    numbers.insert(static_cast<size_t>(*one) - 1);
  }
  return numbers;
}

std::vector<FoundSite> asked_sites(const Args& args, const FoundSites& found,
                                   const std::set<std::string>& held, const std::string& server) {
  show(found, held, server);
  const auto answer = console::ask(args, "which? Numbers, or Enter for all without a certificate, or q:");
  if (!answer || answer->starts_with('q'))
    throw Error(Exit::usage, "nothing was chosen", "name the site with -d");
  const auto numbers = chosen_numbers(*answer, found.sites.size());
  if (!numbers)
    throw Error(Exit::usage, "'" + printable(*answer) + "' is not a list of numbers from 1 to " +
                                 std::to_string(found.sites.size()));
  std::vector<FoundSite> chosen;
  for (size_t i = 0; i < found.sites.size(); ++i)
    if (numbers->empty() ? !is_held(found.sites[i], held) : numbers->contains(i))
      chosen.push_back(found.sites[i]);
  return chosen;
}

}  // namespace

FoundSites sites_of(const std::vector<webserver::NamedHost>& hosts) {
  Collector collector;
  for (const webserver::NamedHost& host : hosts) collector.add(host);
  return collector.take();
}

std::optional<webserver::ServerKind> names_from(const Args& args) {
  const bool has_names = args.has(flag::domain) || args.has(flag::csr);
  std::optional<webserver::ServerKind> server;
  for (const webserver::ServerKind kind : webserver::all_kinds) {
    if (!args.has(option_of(store::method_of(webserver::way_by({kind, ""})).option))) continue;
    if (server && !has_names)
      throw Error(Exit::usage, "--nginx and --apache exclude each other without names", "use one");
    server = kind;
  }
  if (args.has(flag::all_vhosts)) {
    if (has_names)
      throw Error(Exit::usage, "--all-vhosts takes the names from the server's configuration", "omit -d");
    if (!server) throw Error(Exit::usage, "--all-vhosts belongs to --nginx or --apache");
  }
  return has_names || args.has(flag::cert_name) ? std::nullopt : server;
}

std::vector<DomainsLine> found_lines(const Args& args, webserver::ServerKind kind) {
  const auto config = args.find(
      option_of(kind == webserver::ServerKind::nginx ? store::row::nginx_conf : store::row::apache_conf));
  const auto server = webserver::running_server(kind, config ? absolute(*config) : "");
  FoundSites found = sites_of(server->read()->hosts());
  if (found.sites.empty())
    throw Error(Exit::config, server->config() + ": no virtual host has a name that can be ordered",
                !found.left_out.empty()                ? "left out: " + join(found.left_out, ", ")
                : kind == webserver::ServerKind::nginx ? "add 'server_name example.com;' to the block"
                                                       : "add 'ServerName example.com' to the host");
  if (args.has(flag::all_vhosts)) {
    if (!found.left_out.empty()) log::say("left out: " + join(found.left_out, ", "));
  } else if (!is_attended(args)) {
    std::vector<std::string> names;
    for (const FoundSite& one : found.sites) names.insert(names.end(), one.names.begin(), one.names.end());
    throw Error(Exit::usage, "issue: -d NAME is missing",
                "--all-vhosts takes all that " + server->title() + " has: " + join(names, ", "));
  } else {
    found.sites = asked_sites(args, found, held_names(home(args)), server->title());
  }
  std::vector<DomainsLine> lines;
  for (FoundSite& one : found.sites)
    lines.push_back({.number = lines.size() + 1, .names = std::move(one.names), .alias = {}});
  return lines;
}

}  // namespace certo::commands
