// dns-01: the name that holds the record, what is there already, and whether a record that is added is seen.
#include <algorithm>

#include "acme/txt_record.h"
#include "base/text.h"
#include "challenge/alias.h"
#include "challenge/lane.h"
#include "challenge/manual.h"
#include "challenge/trial.h"
#include "check/checks.h"
#include "net/authority.h"

namespace certo::check {
namespace {

constexpr const char* dns_record = "DNS record";
constexpr size_t longest_shown = 5;

std::string record_name(const Scene& scene, const store::Dns& way, const std::string& base) {
  const std::string_view type = way.is_per_account ? acme::dns_account_01 : acme::dns_01;
  return acme::presented_name(type, base, scene.ca.account_uri.value_or(""));
}

/// Whether it may be the value of a challenge: a SHA-256 in base64url.
bool is_challenge_value(const std::string& value) { return value.size() == 43 && is_base64url(value); }

std::string shown(const std::vector<std::string>& values) {
  std::vector<std::string> few;
  for (size_t i = 0; i < std::min(values.size(), longest_shown); ++i)
    few.push_back("\"" + printable(values[i], 60) + "\"");
  return join(few, ", ") + (values.size() > longest_shown ? ", …" : "");
}

Findings judge_values(const std::string& subject, const std::string& name, const net::DnsAnswer& answer,
                      const net::DnsAnswer& of_nobody) {
  if (!answer.txt.empty() && answer.txt == of_nobody.txt)
    return {warning(subject, dns_record,
                    "a wildcard of its zone answers for " + name + ": " + shown(answer.txt),
                    "it gives way as soon as the record is added; remove the wildcard TXT record if the CA "
                    "still sees it")};
  std::vector<std::string> old;
  std::ranges::copy_if(answer.txt, std::back_inserter(old), is_challenge_value);
  const bool is_other = old.size() < answer.txt.size();
  Findings findings;
  if (!old.empty())
    findings.push_back(warning(subject, dns_record,
                               std::to_string(old.size()) + " old value" + (old.size() == 1 ? "" : "s") +
                                   " at " + name + ": " + shown(old),
                               "remove them at the DNS service, unless another client is at work; many make "
                               "the CA's answer too large"));
  if (is_other)
    findings.push_back(warning(subject, dns_record,
                               "a TXT record at " + name + " is not of a CA: " + shown(answer.txt),
                               "CAs ignore it; is it meant for that name?"));
  return findings;
}

/// Where certo puts the record, against where the CA looks for it.
Findings judge_place(const NameScene& name, const store::Dns& way, const std::string& record,
                     const challenge::CnameEnd& end) {
  const std::string& subject = name.survey.identifier.value;
  const std::string alias = challenge::alias_of(way.aliases, record);
  if (!end.is_known)
    return {unseen(subject, dns_record, "the servers of " + record + " cannot be asked for a CNAME", "")};
  if (!alias.empty() && end.name == record)
    return {name.survey.outlook.judge(
        failing(subject, dns_record,
                "--alias puts the record at " + alias + ", and " + record + " has no CNAME that leads there",
                "add the record " + record + ". CNAME " + alias + "."))};
  if (end.name == record) return {};
  const challenge::Lane lane(name.scene.home, way, name.scene.solving.lock_timeout);
  const bool is_followed = !alias.empty() || lane.follow() == challenge::Follow::anywhere ||
                           challenge::may_hold_record(end.name, way.aliases);
  if (is_followed) return {good(subject, dns_record, "a CNAME of " + record + " leads to " + end.name)};
  return {failing(subject, dns_record,
                  "a CNAME of " + record + " leads to " + end.name +
                      ", which does not begin with '_', so that certo does not follow it",
                  "allow it with --alias " + subject + "==" + end.name)};
}

}  // namespace

Findings check_record_name(const NameScene& name) {
  const auto& way = std::get<store::Dns>(name.way);
  const std::string& subject = name.survey.identifier.value;
  const std::string record = record_name(name.scene, way, subject);
  if (record.empty()) return {};
  try {
    const challenge::CnameEnd end =
        challenge::follow_cnames(name.resolver, {record}, {}, challenge::Follow::anywhere,
                                 challenge::Blocked::stay, name.scene.deadline)
            .front();
    Findings findings = judge_place(name, way, record, end);
    // What the failed validation left may still be on its way out.
    if (name.scene.tries == Tries::tokens) return findings;
    // The zone's own servers only: a resolver would remember that there is no such record.
    const std::string nobody = "_certo-asks-for-a-wildcard." + net::parent(end.name);
    auto answers = net::ask_authorities(
        name.resolver, net::find_authorities(name.resolver, {end.name, nobody}, name.scene.deadline),
        net::DnsType::txt, name.scene.deadline);
    append(findings, judge_values(subject, end.name, answers[end.name], answers[nobody]));
    if (findings.empty()) findings.push_back(good(subject, dns_record, "nothing is at " + record + " yet"));
    return findings;
  } catch (const Error& error) {
    return {failing(subject, dns_record, error)};
  }
}

Findings try_records(const Scene& scene, const store::Dns& way, const Names& names) {
  const std::string what = "adding a DNS record by " + way.provider;
  const std::string& subject = names.front().identifier.value;
  if (way.provider == challenge::manual) return {good(subject, what, "not tried: you add the records")};
  std::vector<std::string> records;
  for (const Survey& name : names) records.push_back(record_name(scene, way, name.identifier.value));
  std::erase(records, "");
  if (records.empty())
    return {unseen(subject, what, "the record's name depends on the account, and there is none yet",
                   "make the account: certo account new")};
  try {
    const challenge::RecordTrial trial = challenge::try_records(scene.home, way, scene.solving, records);
    const std::string at = join(trial.names, ", ");
    if (!std::holds_alternative<store::AskServers>(way.propagation))
      return {good(subject, what, "added at " + at + " and removed; not looked for, as --propagation says")};
    const std::string seen = "added at " + at + ", and all name servers showed it after " +
                             std::to_string(trial.appeared.count()) + " ms";
    if (!trial.is_at_resolver)
      return {warning(
          subject, what, seen + "; the resolver did not show it",
          "the CA's resolver may be like this one: look at the CNAME and the delegation of the name")};
    return {good(subject, what, seen + ", the resolver, too; removed")};
  } catch (const Error& error) {
    return {failing(subject, what, error)};
  }
}

}  // namespace certo::check
