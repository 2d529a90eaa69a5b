// CAA, level by level (RFC 8659 section 3): the first level that has records counts.
#include <algorithm>

#include "base/text.h"
#include "check/caa.h"
#include "check/checks.h"
#include "net/authority.h"

namespace certo::check {
namespace {

constexpr const char* caa = "CAA";
constexpr size_t most_caa_levels = 127;  // of any name

struct LevelOfCaa {
  std::string name;
  net::DnsAnswer answer;
};

bool is_of_use(const net::DnsAnswer& answer) {
  return answer.status == net::DnsStatus::answered || answer.status == net::DnsStatus::no_data ||
         answer.status == net::DnsStatus::no_name;
}

/// What the levels' own servers say counts, because a resolver may remember an older record. A CNAME is
/// followed by the resolver.
std::vector<LevelOfCaa> look_up_caa(const NameScene& name) {
  std::vector<LevelOfCaa> levels;
  std::vector<net::DnsQuestion> questions;
  std::vector<std::string> const names;
  const Survey& survey = name.survey;
  for (std::string at = survey.identifier.value; !at.empty(); at = net::parent(at)) {
    if (levels.size() == most_caa_levels) break;
    levels.push_back({at, {}});
    questions.push_back({at, net::DnsType::caa, {}});
  }
  const size_t count = questions.size();
  std::vector<size_t> of_zone;
  for (size_t i = 0; i < count && !survey.servers.empty(); ++i) {
    if (!net::is_within(levels[i].name, survey.zone)) break;
    questions.push_back({levels[i].name, net::DnsType::caa, survey.servers});
    of_zone.push_back(i);
  }
  const auto answers = name.resolver.ask(questions, std::min(answer_within, name.scene.deadline.left()));
  for (size_t i = 0; i < count; ++i) levels[i].answer = answers[i];
  for (size_t i = 0; i < of_zone.size(); ++i) {
    const net::DnsAnswer& own = answers[count + i];
    const bool is_alias = own.caa.empty() && !own.names.empty();
    if (own.authoritative && is_of_use(own) && !is_alias) levels[of_zone[i]].answer = own;
  }
  return levels;
}

std::string record_line(const std::string& name, const std::string& tag, const std::string& value) {
  return name + ". CAA 0 " + tag + " \"" + value + "\"";
}

Finding judged(const NameScene& name, const std::string& subject, const LevelOfCaa& level, bool is_wildcard) {
  const Authority& ca = name.scene.ca;
  const auto types = store::types_of(name.way);
  const CaaQuestion question{.issuers = ca.issuers,
                             .account_uri = ca.account_uri,
                             .method = types.empty() ? "" : std::string(types.front()),
                             .is_wildcard = is_wildcard};
  const CaaVerdict verdict = decide(level.answer.caa, question);
  const std::string at = " at " + level.name, property = verdict.property + at;
  const std::string issuer = ca.issuers.empty() ? "" : ca.issuers.front();
  const std::string tag = verdict.property.substr(0, verdict.property.find(' '));
  const std::string add = issuer.empty() ? "add a record that names this CA"
                                         : "add the record " + record_line(level.name, tag, issuer);
  using State = CaaVerdict::State;
  const auto bad = [&](const std::string& because, const std::string& to_do) {
    return name.survey.outlook.judge(failing(subject, caa, because, to_do));
  };
  switch (verdict.state) {
    case State::no_restriction: return good(subject, caa, "the records" + at + " do not restrict who issues");
    case State::allowed: return good(subject, caa, property + " allows it");
    case State::issuer_unknown:
      return warning(subject, caa,
                     property + " names a CA, and " + ca.title + " does not say by which name it goes",
                     "compare it with the documentation of the CA");
    case State::account_unknown:
      return warning(
          subject, caa,
          property + " names an account or a method, and certo does not know which one will be used",
          "compare it with 'certo account show'");
    case State::other_method:
      return bad(
          property + " does not allow " + question.method,
          "prove the name by a method that it lists, or add " + question.method + " to validationmethods");
    case State::other_account:
      return bad(property + " is for another account" +
                     (question.account_uri->empty() ? "; certo has no account at this CA yet"
                                                    : ", and certo's is " + *question.account_uri),
                 question.account_uri->empty()
                     ? "make the account ('certo account new'), and put its URL into accounturi"
                     : "put the URL of certo's account into accounturi, or use that account (--account-key)");
    case State::other_issuer:
      return bad("the records allow other CAs only: " + property + ", and " + ca.title + " is " +
                     join(ca.issuers, " or "),
                 add);
    case State::nobody: return bad(property + " allows nobody to issue", add);
    case State::critical:
      return bad(property + " is critical, and CAs do not know what it means: they must not issue",
                 "remove the record, or its flag 128");
  }
  return good(subject, caa, "");
}

Finding judged(const NameScene& name, const std::vector<LevelOfCaa>& levels, bool is_wildcard) {
  const std::string subject = (is_wildcard ? "*." : "") + name.survey.identifier.value;
  for (const LevelOfCaa& level : levels) {
    if (!level.answer.caa.empty()) return judged(name, subject, level, is_wildcard);
    const net::DnsStatus status = level.answer.status;
    if (is_of_use(level.answer) || level.name.find('.') == std::string::npos) continue;
    const std::string what = "the query for " + level.name + " fails: " + level.answer.what();
    const std::string to_do =
        "a CA does not issue if it gets no answer about CAA: the name servers must answer it, "
        "also without such a record";
    const bool is_refusal = status == net::DnsStatus::servfail && !name.survey.servers.empty();
    return is_refusal ? name.survey.outlook.judge(failing(subject, caa, what, to_do))
                      : unseen(subject, caa, what, to_do);
  }
  return good(subject, caa, "no record restricts who issues");
}

}  // namespace

Findings check_caa(const NameScene& name) {
  const std::vector<LevelOfCaa> levels = look_up_caa(name);
  Findings findings;
  if (name.has_plain) findings.push_back(judged(name, levels, false));
  if (name.has_wildcard) findings.push_back(judged(name, levels, true));
  return findings;
}

}  // namespace certo::check
