// CAA (RFC 8659, 8657): which CA may issue, to which account, by which method.
#include "check/caa.h"

#include "fixtures/support.h"

using namespace certo;
using namespace certo::check;

using State = CaaVerdict::State;

namespace {

const CaaQuestion usual{
    .issuers = {"ca.example", "ca2.example"}, .account_uri = "https://ca.example/acct/1", .method = "dns-01"};

State state(const std::vector<net::DnsCaa>& set, const CaaQuestion& question = usual) {
  return decide(set, question).state;
}

CaaQuestion with(bool is_wildcard) {
  CaaQuestion question = usual;
  question.is_wildcard = is_wildcard;
  return question;
}

}  // namespace

TEST_CASE("no CAA record, and records of other tags, restrict nobody") {
  CHECK(state({}) == State::no_restriction);
  CHECK(state({{0, "iodef", "mailto:a@b.example"}}) == State::no_restriction);
  CHECK(state({{128, "iodef", "mailto:a@b.example"}}) == State::no_restriction);
  CHECK(state({{0, "unknown", "x"}}) == State::no_restriction);
  CHECK(state({{0, "issuewild", ";"}}) == State::no_restriction);
}

TEST_CASE("one of the CA's names is enough, in any case and with a final dot") {
  CHECK(state({{0, "issue", "ca.example"}}) == State::allowed);
  CHECK(state({{0, "issue", " CA2.Example. "}}) == State::allowed);
  CHECK(state({{0, "issue", "other.example"}, {0, "issue", "ca.example"}}) == State::allowed);
  CHECK(state({{128, "issue", "ca.example"}}) == State::allowed);
  CHECK(state({{0, "issue", "ca.example;"}}) == State::allowed);
  CHECK(state({{0, "issue", "ca.example; unknown=1"}}) == State::allowed);
}

TEST_CASE("other CAs, and nobody") {
  CHECK(state({{0, "issue", "other.example"}}) == State::other_issuer);
  CHECK(state({{0, "issue", ";"}}) == State::nobody);
  CHECK(state({{0, "issue", ""}}) == State::nobody);
  CHECK(state({{0, "issue", "ca.example; no parameter"}}) == State::nobody);
  CHECK(state({{0, "issue", "ca example"}}) == State::nobody);
  CHECK(state({{0, "issue", ";"}, {0, "issue", "ca.example"}}) == State::allowed);
  CHECK(decide({{0, "issue", "other.example"}}, usual).property == "issue \"other.example\"");
}

TEST_CASE("issuewild takes the place of issue for a wildcard, and for nothing else") {
  const std::vector<net::DnsCaa> both = {{0, "issue", "ca.example"}, {0, "issuewild", "other.example"}};
  CHECK(state(both, with(true)) == State::other_issuer);
  CHECK(state(both, with(false)) == State::allowed);
  CHECK(state({{0, "issuewild", "ca.example"}, {0, "issue", ";"}}, with(true)) == State::allowed);
  CHECK(state({{0, "issue", "other.example"}}, with(true)) == State::other_issuer);
}

TEST_CASE("accounturi and validationmethods") {
  CHECK(state({{0, "issue", "ca.example; accounturi=https://ca.example/acct/1"}}) == State::allowed);
  CHECK(state({{0, "issue", "ca.example; accounturi=https://ca.example/acct/10"}}) == State::other_account);
  CHECK(state({{0, "issue", "ca.example; validationmethods=dns-01"}}) == State::allowed);
  CHECK(state({{0, "issue", "ca.example; validationmethods=http-01,dns-01"}}) == State::allowed);
  CHECK(state({{0, "issue", "ca.example;validationmethods=http-01"}}) == State::other_method);
  CHECK(state({{0, "issue", "ca.example; validationmethods=http-01"}, {0, "issue", "ca2.example"}}) ==
        State::allowed);
  // Twice is not of the form, and allows nobody.
  CHECK(state({{0, "issue", "ca.example; accounturi=a; accounturi=https://ca.example/acct/1"}}) ==
        State::nobody);
}

TEST_CASE("what certo does not know of the CA or the account stays open") {
  CaaQuestion question = usual;
  question.account_uri = std::nullopt;
  CHECK(state({{0, "issue", "ca.example; accounturi=https://ca.example/acct/1"}}, question) ==
        State::account_unknown);
  question.account_uri = "";  // there is none, so a new one is another one
  CHECK(state({{0, "issue", "ca.example; accounturi=https://ca.example/acct/1"}}, question) ==
        State::other_account);
  question = usual;
  question.method = "";
  CHECK(state({{0, "issue", "ca.example; validationmethods=dns-01"}}, question) == State::account_unknown);
  question.issuers = {};
  CHECK(state({{0, "issue", "ca.example"}}, question) == State::issuer_unknown);
  CHECK(state({{0, "issue", ";"}}, question) == State::nobody);
}

TEST_CASE("a critical tag that nobody knows forbids everything") {
  CHECK(state({{0, "issue", "ca.example"}, {128, "future", "1"}}) == State::critical);
  CHECK(state({{128, "future", "1"}}) == State::critical);
  CHECK(state({{0, "future", "1"}}) == State::no_restriction);
}
