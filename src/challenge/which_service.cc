#include "challenge/which_service.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/dns.h"
#include "challenge/lane.h"
#include "net/authority.h"
#include "provider/catalog.h"
#include "provider/recognize.h"

namespace certo::challenge {
namespace {

/// "Cloudflare (--dns cloudflare)"
std::string spoken(const Candidate& candidate) {
  return printable(candidate.title, 100) + " (--dns " + candidate.name + ")";
}

std::string spoken(const std::vector<Candidate>& candidates) {
  std::vector<std::string> words;
  for (const Candidate& one : candidates) words.push_back(spoken(one));
  return join(words, " and ");
}

Candidate candidate(const provider::Descriptor& descriptor, const store::Home& home, const store::Dns& way) {
  Candidate found{descriptor.name, descriptor.title, ""};
  store::Dns with = way;
  with.provider = descriptor.name;
  try {
    Lane(home, with, Millis(0)).require_provider();
  } catch (const Error& error) {
    if (error.code != Exit::config) throw;
    found.missing = error.message + (error.hint.empty() ? "" : "; " + error.hint);
  }
  return found;
}

/// Silence must not look like a name that DNS does not have. Throws Error{unreachable}.
void require_answer(const net::Resolver& resolver, const store::Dns& way, const std::string& name,
                    const Deadline& deadline) {
  constexpr Millis patience = Seconds(10);
  const std::string zone = net::host_of(name);
  const net::DnsAnswer answer =
      resolver.ask({zone, net::DnsType::soa, {}}, std::min(patience, deadline.left()));
  if (answer.is_heard && answer.status != net::DnsStatus::servfail) return;
  const std::string system = "the resolvers in /etc/resolv.conf", given = join(way.resolvers.servers, ", ");
  if (answer.is_heard)
    throw Error(Exit::unreachable,
                "the resolver " + (given.empty() ? "in /etc/resolv.conf" : given) +
                    " cannot tell the zone of " + zone + ": " + answer.what(),
                "do the zone's name servers answer?");
  throw Error(Exit::unreachable,
              (given.empty() ? system + " do" : given + " and " + system + " do") + " not answer",
              "correct /etc/resolv.conf, or name another resolver with --resolver");
}

}  // namespace

std::map<std::string, Seen> look_at(const std::vector<std::string>& names, const store::Dns& way,
                                    const net::Resolver& resolver, const Deadline& deadline) {
  std::vector<DnsRecord> records;
  for (const std::string& name : names) records.push_back({"_acme-challenge." + name, ""});
  const std::vector<DnsRecord> placed =
      where_they_go(records, way, Follow::anywhere, Blocked::ask_resolver, resolver, deadline).records;
  std::vector<std::string> wanted;
  for (const DnsRecord& record : placed)
    wanted.push_back(way.zone.empty() ? record.name : "_acme-challenge." + way.zone);
  const net::Authorities authorities = net::find_authorities(resolver, wanted, deadline);

  std::map<std::string, Seen> seen;
  for (size_t i = 0; i < names.size(); ++i) {
    Seen& one = seen[names[i]];
    const auto found = authorities.find(wanted[i]);
    if (found == authorities.end()) {
      require_answer(resolver, way, wanted[i], deadline);
      continue;
    }
    one.zone = found->second.zone;
    std::set<std::string> servers;
    for (const net::DnsServer& server : found->second.servers) servers.insert(net::canonical(server.name));
    one.servers.assign(servers.begin(), servers.end());
  }
  return seen;
}

Verdict judge(const Seen& seen, const store::Home& home, const store::Dns& way) {
  const std::vector<provider::Descriptor> all =
      provider::descriptors(provider::provider_folders(home.providers()));
  const provider::Recognized recognized = provider::recognize(all, seen.servers);
  Verdict verdict;
  for (const provider::Descriptor* one : recognized.whole)
    verdict.whole.push_back(candidate(*one, home, way));
  for (const provider::Descriptor* one : recognized.parts)
    verdict.parts.push_back(candidate(*one, home, way));
  return verdict;
}

std::string provider_for(const std::string& name, const Seen& seen, const Verdict& verdict,
                         const Choose& choose) {
  const std::string subject = std::string("--dns ") + automatic + ": " + name + ": ";
  if (seen.zone.empty())
    throw Error(Exit::config, subject + "DNS shows no zone for it",
                "use --dns NAME: 'certo providers' lists the services");
  if (verdict.whole.empty() && !verdict.parts.empty())
    throw Error(Exit::usage, subject + "its zone " + seen.zone + " is at " + spoken(verdict.parts),
                "choose the service that certo must write to");
  if (verdict.whole.empty())
    throw Error(Exit::config,
                subject + "certo does not know the service of its name servers " +
                    printable(join(seen.servers, ", "), 300),
                "use --dns NAME: 'certo providers' lists the services");
  std::vector<Candidate> ready;
  for (const Candidate& one : verdict.whole) {
    if (one.missing.empty()) ready.push_back(one);
  }
  if (ready.empty() && verdict.whole.size() == 1)
    throw Error(Exit::config, subject + "it is at " + spoken(verdict.whole), verdict.whole[0].missing);
  if (ready.empty())
    throw Error(Exit::config, subject + "it is at " + spoken(verdict.whole) + ", and no settings are given",
                "'certo providers " + verdict.whole[0].name + "' shows what to set");
  if (ready.size() == 1) {
    log::say(fmt::format("{} is at {}", name, spoken(ready[0])));
    return ready[0].name;
  }
  std::string chosen = choose(name, ready);
  if (chosen.empty())
    throw Error(Exit::usage, subject + "the settings of several providers are given: " + spoken(ready),
                "choose one of them");
  return chosen;
}

}  // namespace certo::challenge
