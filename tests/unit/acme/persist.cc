// The record of dns-persist-01, and what it means for an order.
#include "acme/persist.h"

#include <doctest/doctest.h>

#include "acme/read.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::acme;

namespace {

using State = PersistVerdict::State;

constexpr Time test_time{Seconds(1795226400)};
const std::string uri = "https://ca.example/acct/123";
const PersistOffer offer{{"authority.example", "ca.example.net"}, {uri, "https://ca.example/other/9"}};

State state_of(const std::vector<std::string>& values, bool is_for_wildcard = false) {
  return judge(values, offer, is_for_wildcard, test_time).state;
}

Challenge challenge(const std::string& members) {
  return parse_challenge(parse_json(R"({"type": "dns-persist-01", "url": "https://ca.example/1", )"
                                    R"("status": "pending")" +
                                        members + "}",
                                    "test", Exit::protocol),
                         "test", Exit::protocol);
}

}  // namespace

TEST_CASE("the record of dns-persist-01 is written as the draft shows it") {
  CHECK(persist_name("example.com") == "_validation-persist.example.com");
  CHECK(to_text(PersistRecord{"authority.example", uri, false, {}}) ==
        "authority.example; accounturi=https://ca.example/acct/123");
  CHECK(
      to_text(PersistRecord{"authority.example", uri, true, Time(Seconds(1767225600))}) ==
      "authority.example; accounturi=https://ca.example/acct/123; policy=wildcard; persistUntil=1767225600");
}

TEST_CASE("what is written is read again, in each spelling that the grammar allows") {
  const PersistRecord full{"authority.example", uri, true, Time(Seconds(1767225600))};
  CHECK(parse_persist_record(to_text(full)) == full);
  CHECK(parse_persist_record("\tAuthority.EXAMPLE. ;policy=WildCard;persistUntil = 1767225600 ; x-new=1; "
                             "AccountURI=" +
                             uri) == full);
  CHECK(parse_persist_record("a.example;accounturi=" + uri + ";policy=strict") ==
        PersistRecord{"a.example", uri, false, {}});
}

TEST_CASE("a text that breaks the grammar is not a record") {
  for (const std::string& text : std::vector<std::string>{
           "", ";", "authority.example", "authority.example;", "; accounturi=" + uri,
           "authority.example; accounturi=", "authority.example; accounturi=" + uri + ";",
           "authority.example; accounturi=" + uri + "; accounturi=" + uri,
           "authority.example; accounturi=" + uri + "; persistUntil=soon",
           "authority.example; accounturi=" + uri + "; persistUntil=-1",
           "authority.example; accounturi=" + uri + "; persistUntil=99999999999999999999",
           "authority.example; accounturi=a b", "authority.example accounturi=" + uri,
           "authority..example; accounturi=" + uri, "-a.example; accounturi=" + uri,
           "authority.example; -x=1; accounturi=" + uri, "authority.example; accounturi=" + uri + "\n",
           "authority.example; accounturi=\xc3\xa4", std::string("a.example; accounturi=\0", 23)}) {
    CAPTURE(text);
    CHECK_FALSE(parse_persist_record(text));
  }
}

TEST_CASE("a record is shown as a line of a zone file") {
  CHECK(zone_line({"n.example", std::string(256, 'b')}) ==
        "n.example. IN TXT \"" + std::string(255, 'b') + "\" \"b\"");
}

TEST_CASE("the best value of a name counts, and of good ones the one that lasts longest") {
  const std::string start = "authority.example; accounturi=" + uri;
  CHECK(state_of({}) == State::missing);
  CHECK(state_of({"v=spf1 -all"}) == State::malformed);
  CHECK(state_of({"v=spf1 -all", "other.example; accounturi=" + uri}) == State::other_issuer);
  CHECK(state_of({"other.example; accounturi=" + uri, "ca.example.net; accounturi=" + uri + "4"}) ==
        State::other_account);
  CHECK(state_of({start + "4", start}, true) == State::no_wildcard);
  CHECK(state_of({start, start + "; policy=wildcard; persistUntil=1795226399"}, true) == State::expired);
  CHECK(state_of({start + "; persistUntil=1795226399"}) == State::expired);
  CHECK(state_of({start + "; persistUntil=1795226400"}) == State::good);
  CHECK(state_of({"CA.example.net; accounturi=https://ca.example/other/9"}) == State::good);
  const PersistVerdict verdict = judge(
      {start + "; persistUntil=1795226401", start + "; persistUntil=1895226401", start + "; persistUntil=1"},
      offer, false, test_time);
  CHECK(verdict.record->until == Time(Seconds(1895226401)));
  CHECK(judge({start + "; persistUntil=1795226401", start}, offer, false, test_time).value == start);
  CHECK(judge({"any.example; accounturi=" + uri}, {{}, {uri}}, false, test_time).state == State::good);
}

TEST_CASE("each fault is said") {
  const auto said = [](const std::string& value) {
    return explain(judge({value}, offer, true, test_time), offer);
  };
  CHECK(said("other.example; accounturi=" + uri) ==
        "the record is for another CA, other.example, and not for authority.example or ca.example.net");
  CHECK(said("authority.example; accounturi=https://ca.example/acct/7") ==
        "the record is for another account, https://ca.example/acct/7");
  CHECK(said("authority.example; accounturi=" + uri) ==
        "the record does not allow wildcards: policy=wildcard is missing");
  CHECK(said("authority.example; accounturi=" + uri + "; policy=wildcard; persistUntil=0") ==
        "the record ended 1970-01-01T00:00:00Z");
  CHECK(said("x") == "'x' is not a record of dns-persist-01");
  CHECK(explain(judge({}, offer, true, test_time), offer) == "there is no such TXT record");
  CHECK(said("authority.example; policy=wildcard; accounturi=" + uri).empty());
}

TEST_CASE("a challenge of dns-persist-01 has no token, but the names of the CA") {
  const Challenge full =
      challenge(R"(, "issuer-domain-names": ["Authority.example", "b.example"], "accounturi": "urn:a")");
  CHECK(full.token.empty());
  CHECK(full.persist == PersistOffer{{"authority.example", "b.example"}, {"urn:a"}});
  CHECK(challenge(R"(, "issuer-domain-names": ["a.example"])").persist == PersistOffer{{"a.example"}, {}});
}

TEST_CASE("a challenge of another format names no CA") {
  std::string eleven = R"(, "issuer-domain-names": ["a.example")";
  for (int i = 0; i < 10; ++i) eleven += R"(, "a.example")";
  for (const std::string& members :
       {std::string(), std::string(R"(, "issuer-domain-names": [])"),
        std::string(R"(, "issuer-domain-names": "a.example")"),
        std::string(R"(, "issuer-domain-names": ["a.example", 1])"),
        std::string(R"(, "issuer-domain-names": ["a b"])"),
        std::string(R"(, "issuer-domain-names": ["a.example"], "accounturi": "a; policy=wildcard")"),
        std::string(R"(, "issuer-domain-names": ["a.example"], "accounturi": 5)"),
        std::string(R"(, "issuer-domain-names": ["a.example"], "accounturi": "a\"b")"), eleven + "]"}) {
    CAPTURE(members);
    CHECK(challenge(members).persist == PersistOffer{});
  }
}
