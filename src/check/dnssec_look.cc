// DNSSEC, zone by zone from the top. No signature is verified: what a validating resolver says is compared
// with what it says without validation, then come the DS records, the keys and the times of signatures.
#include <algorithm>

#include "base/text.h"
#include "check/checks.h"
#include "check/dnssec.h"
#include "net/authority.h"

namespace certo::check {
namespace {

constexpr const char* dnssec = "DNSSEC";
constexpr const char* how_to_repair =
    "sign the zone again, or correct the DS record at its registrar; until then validating resolvers, which "
    "CAs use, reject all answers";
constexpr size_t most_zones = 10;

/// "com", "example.com", "www.example.com"
std::vector<std::string> levels_of(const std::string& name) {
  std::vector<std::string> levels;
  for (std::string level = name; !level.empty(); level = net::parent(level)) levels.push_back(level);
  std::ranges::reverse(levels);
  if (levels.size() > most_zones) levels.resize(most_zones);
  return levels;
}

/// A zone with a DS, and nothing unsigned above it.
struct Chain {
  std::vector<ZoneKeys> zones;
  bool is_unsigned = false;  // below the last of them
  std::string deepest;       // of all zones, signed or not
};

Chain chain_of(const net::Resolver& resolver, const std::vector<std::string>& levels, Millis limit) {
  std::vector<net::DnsQuestion> questions;
  for (const std::string& level : levels)
    for (const net::DnsType type : {net::DnsType::ds, net::DnsType::ns})
      questions.push_back({level, type, {}, net::Dnssec::unchecked});
  const auto answers = resolver.ask(questions, limit);
  Chain chain;
  for (size_t i = 0; i < levels.size(); ++i) {
    ZoneKeys zone{levels[i], {}, {}};
    zone.shows_signatures =
        std::ranges::find(answers[2 * i].data, rrsig_type, &net::DnsData::type) != answers[2 * i].data.end();
    for (const net::DnsData& record : answers[2 * i].data)
      if (record.type == ds_type && record.owner == levels[i]) zone.ds.push_back(record);
    const bool is_zone = answers[2 * i + 1].status == net::DnsStatus::answered;
    if (is_zone || !zone.ds.empty()) chain.deepest = levels[i];
    // A top-level zone of a private network may have a trust anchor in place of a DS.
    const bool is_top = levels[i].find('.') == std::string::npos;
    if (!zone.ds.empty() && !chain.is_unsigned)
      chain.zones.push_back(std::move(zone));
    else if (is_zone && !is_top)
      chain.is_unsigned = true;
  }
  return chain;
}

void look_up_keys(const net::Resolver& resolver, Chain& chain, Millis limit) {
  std::vector<net::DnsQuestion> questions;
  for (const ZoneKeys& zone : chain.zones)
    questions.push_back({zone.zone, net::DnsType::dnskey, {}, net::Dnssec::unchecked});
  const auto answers = resolver.ask(questions, limit);
  for (size_t i = 0; i < chain.zones.size(); ++i) chain.zones[i].keys = answers[i].data;
  // Without an answer nothing is known.
  size_t at = 0;
  std::erase_if(chain.zones, [&](const ZoneKeys&) {
    const net::DnsStatus status = answers[at++].status;
    return status != net::DnsStatus::answered && status != net::DnsStatus::no_data;
  });
}

/// What the chain shows.
DnssecFault fault_in(const Chain& chain, const std::vector<net::DnsData>& of_name, const std::string& name) {
  for (const ZoneKeys& zone : chain.zones)
    if (const DnssecFault fault = fault_of_keys(zone, now()); !fault.what.empty())
      return {zone.zone + ": " + fault.what, fault.clock};
  if (chain.zones.empty() || chain.is_unsigned) return {};
  const DnssecFault fault = fault_of_signatures(of_name, soa_type, now());
  if (fault.what.empty()) return {};
  return {name + ": of its SOA record, " + fault.what, fault.clock};
}

}  // namespace

Findings check_dnssec(const NameScene& name) {
  const Survey& survey = name.survey;
  const std::string& subject = survey.identifier.value;
  // If validation fails, the resolver does not tell the zone's servers either.
  const Outlook outlook = survey.servers.empty() ? Outlook{} : survey.outlook;
  const auto limit = [&] { return std::min(answer_within, name.scene.deadline.left()); };
  Chain chain = chain_of(name.resolver, levels_of(subject), limit());
  look_up_keys(name.resolver, chain, limit());
  const std::string zone = chain.deepest.empty() ? subject : chain.deepest;
  const auto answers = name.resolver.ask(
      {{zone, net::DnsType::soa, {}}, {zone, net::DnsType::soa, {}, net::Dnssec::unchecked}}, limit());
  const auto [fault, clock] = fault_in(chain, answers[1].data, zone);
  const bool is_rejected =
      answers[0].status == net::DnsStatus::servfail && answers[1].status == net::DnsStatus::answered;
  // A resolver that rejects may be on this machine, and have its clock. One that does not may validate by a
  // right one, or not at all.
  if (clock == WrongClock::slow || (clock == WrongClock::fast && !is_rejected))
    return {unseen(
        subject, dnssec,
        fault + "; this machine's clock, which is at " + rfc3339(now()) + ", may be " +
            (clock == WrongClock::slow ? "slow" : "ahead"),
        "set the clock, and keep it right by NTP; if it is right, sign the zone again with a right one")};
  if (!fault.empty() || is_rejected) {
    const std::string seen =
        is_rejected ? "the resolver answers SERVFAIL, and answers if it does not have to validate" : "";
    return {outlook.judge(failing(
        subject, dnssec, seen + (!seen.empty() && !fault.empty() ? "; " : "") + fault, how_to_repair))};
  }
  if (answers[0].status == net::DnsStatus::servfail)
    return {outlook.judge(failing(
        subject, dnssec,
        "the resolver answers SERVFAIL for " + zone + ", also without validation: its name servers fail",
        "look at the delegation and at the name servers of " + zone))};
  if (chain.zones.empty() || chain.is_unsigned)
    return {good(subject, dnssec, "not signed, as seen from here")};
  return {good(subject, dnssec,
               "keys and dates of " + std::to_string(chain.zones.size()) +
                   (chain.zones.size() == 1 ? " zone" : " zones") + " fit; signatures were not verified")};
}

}  // namespace certo::check
