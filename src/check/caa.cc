#include "check/caa.h"

#include <algorithm>

#include "acme/issue_value.h"
#include "base/text.h"

namespace certo::check {
namespace {

using State = CaaVerdict::State;

constexpr int critical_flag = 128;
constexpr std::string_view known_tags[] = {"issue",    "issuewild",    "iodef",       "issuemail",
                                           "issuevmc", "contactemail", "contactphone"};

std::string spoken(const net::DnsCaa& record) { return record.tag + " \"" + record.value + "\""; }

bool has_method(const std::string& list, const std::string& method) {
  return std::ranges::any_of(split(list, ','), [&](const std::string& one) { return trim(one) == method; });
}

State state_of(const net::DnsCaa& record, const CaaQuestion& question) {
  const std::optional<acme::IssueValue> value = acme::parse_issue_value(record.value);
  // A value that is not of the form allows nobody (RFC 8659 section 4.2).
  if (!value || value->issuer.empty()) return State::nobody;
  const bool is_known = !question.issuers.empty();
  if (is_known && std::ranges::find(question.issuers, value->issuer) == question.issuers.end())
    return State::other_issuer;
  const std::string* const methods = value->find("validationmethods");
  const std::string* const account = value->find("accounturi");
  if (is_known && methods && !question.method.empty() && !has_method(*methods, question.method))
    return State::other_method;
  if (is_known && account && question.account_uri && *account != *question.account_uri)
    return State::other_account;
  if (!is_known) return State::issuer_unknown;
  const bool is_open = (methods && question.method.empty()) || (account && !question.account_uri);
  return is_open ? State::account_unknown : State::allowed;
}

}  // namespace

CaaVerdict decide(const std::vector<net::DnsCaa>& set, const CaaQuestion& question) {
  const auto has_tag = [&](std::string_view tag) {
    return std::ranges::any_of(set, [&](const net::DnsCaa& one) { return one.tag == tag; });
  };
  for (const net::DnsCaa& record : set)
    if ((record.flags & critical_flag) != 0 &&
        std::ranges::find(known_tags, record.tag) == std::end(known_tags))
      return {State::critical, spoken(record)};
  const std::string_view tag = question.is_wildcard && has_tag("issuewild") ? "issuewild" : "issue";
  // Records of other tags only do not restrict.
  if (!has_tag(tag)) return {};
  CaaVerdict best{State::critical};
  for (const net::DnsCaa& record : set) {
    if (record.tag != tag) continue;
    const State state = state_of(record, question);
    if (state < best.state) best = {state, spoken(record)};
  }
  return best;
}

}  // namespace certo::check
