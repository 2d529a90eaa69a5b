// Delegation: whether each name server that the zone is delegated to answers for it with authority.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "check/checks.h"

namespace certo::check {
namespace {

constexpr size_t most_servers_asked = 24;
constexpr const char* delegation = "delegation";

std::string titled(const net::DnsServer& server) { return server.name + " (" + server.address + ")"; }

struct Roll {
  std::vector<std::string> lame, silent, unreachable;
  size_t good = 0;
  std::string denial;  // what the last lame one answered
};

bool says_zone(const net::DnsAnswer& answer, const std::string& zone) {
  return answer.authoritative && answer.status == net::DnsStatus::answered && answer.soa == zone;
}

Roll call_the_roll(const net::Resolver& resolver, const Scene& scene, const std::string& zone,
                   const std::vector<net::DnsServer>& servers) {
  std::vector<net::DnsQuestion> questions;
  for (size_t i = 0; i < std::min(servers.size(), most_servers_asked); ++i)
    questions.push_back({zone, net::DnsType::soa, {servers[i]}});
  const auto answers = resolver.ask(questions, std::min(answer_within, scene.deadline.left()));
  const bool has_v6 = std::ranges::any_of(scene.own_addresses, [](const std::string& own) {
    return is_v6(own) && realm(own) == Realm::everybody;
  });
  Roll roll;
  for (size_t i = 0; i < answers.size(); ++i) {
    const net::DnsServer& server = questions[i].servers.front();
    const bool cannot_go = is_v6(server.address) && !has_v6 && realm(server.address) == Realm::everybody;
    if (says_zone(answers[i], zone)) {
      ++roll.good;
    } else if (answers[i].is_heard) {
      roll.lame.push_back(titled(server));
      const bool is_refusal =
          answers[i].status == net::DnsStatus::refused || answers[i].status == net::DnsStatus::servfail;
      roll.denial = is_refusal ? answers[i].what() : "an answer without authority";
    } else {
      (cannot_go ? roll.unreachable : roll.silent).push_back(titled(server));
    }
  }
  return roll;
}

Findings findings_of(const Roll& roll, const Survey& survey) {
  const std::string& zone = survey.zone;
  Findings findings;
  const std::string how_to_mend = "correct the NS records of " + zone +
                                  " at its registrar or in its parent zone, or the servers themselves";
  if (!roll.lame.empty()) {
    const std::string what = join(roll.lame, ", ") + " is to serve the zone, and does not: " + roll.denial;
    const bool is_all = roll.good == 0 && roll.silent.empty() && roll.unreachable.empty();
    findings.push_back(is_all ? survey.outlook.judge(failing(zone, delegation, what, how_to_mend))
                              : warning(zone, delegation,
                                        what + "; a CA that asks this one fails, or is slow", how_to_mend));
  }
  if (!roll.silent.empty()) {
    const std::string what = join(roll.silent, ", ") + " does not answer";
    if (roll.good > 0)
      findings.push_back(warning(zone, delegation, what + "; the others do", how_to_mend));
    else
      findings.push_back(
          unseen(zone, delegation, what + ", so that port 53 may be blocked here", how_to_mend));
  }
  if (roll.good > 0)
    findings.push_back(good(zone, delegation,
                            std::to_string(roll.good) + " name server address" +
                                (roll.good == 1 ? " answers" : "es answer") + " with authority"));
  else if (findings.empty())
    findings.push_back(
        unseen(zone, delegation, "this machine has no IPv6, and the zone no server with IPv4", ""));
  return findings;
}

}  // namespace

Findings check_delegation(const NameScene& name) {
  const Survey& survey = name.survey;
  const std::string& subject = survey.identifier.value;
  if (survey.servers.empty())
    return {unseen(subject, delegation, "the name servers of its zone cannot be found by this resolver", "")};
  return findings_of(call_the_roll(name.resolver, name.scene, survey.zone, survey.servers), survey);
}

}  // namespace certo::check
