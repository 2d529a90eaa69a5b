#include "challenge/watch.h"

#include <doctest/doctest.h>

using namespace certo;
using namespace certo::challenge;
using net::DnsAnswer;
using net::DnsServer;
using net::DnsStatus;

namespace {

const Wanted record = {"_acme-challenge.example.com", {"v1"}};
const Wanted both = {"_acme-challenge.example.com", {"v1", "v2"}};
const DnsServer ns1 = {"ns1.example.net", "192.0.2.1"};
const DnsServer ns1_v6 = {"ns1.example.net", "2001:db8::1"};
const DnsServer ns2 = {"ns2.example.net", "192.0.2.2"};
const DnsServer resolver = {"the resolver", "", 0};

DnsAnswer txt(std::vector<std::string> values) {
  DnsAnswer answer;
  answer.status = values.empty() ? DnsStatus::no_data : DnsStatus::answered;
  answer.txt = std::move(values);
  answer.authoritative = true;
  return answer;
}
DnsAnswer no(DnsStatus status) {
  DnsAnswer answer;
  answer.status = status;
  answer.authoritative = true;
  return answer;
}
const DnsAnswer timeout = no(DnsStatus::timeout);

Watch watch_for(const Wanted& wanted, const std::vector<DnsServer>& servers) {
  Watch watch;
  for (const DnsServer& server : servers) watch.expect(wanted, server, Silence::is_forgiven);
  return watch;
}

}  // namespace

TEST_CASE("the watch is done when every server has shown every value") {
  Watch watch = watch_for(both, {ns1, ns2});
  CHECK(watch.questions().size() == 2);
  watch.take({txt({"v2", "old", "v1"}), txt({"v1"})});
  CHECK_FALSE(watch.is_done());
  REQUIRE(watch.questions().size() == 1);
  CHECK(watch.questions()[0].servers[0].address == "192.0.2.2");
  watch.take({txt({"v1", "v2"})});
  CHECK(watch.is_done());
  CHECK(watch.blind().empty());
}

TEST_CASE("an answer without authority proves nothing") {
  Watch watch = watch_for(record, {ns1, ns2});
  DnsAnswer lame = txt({});
  lame.authoritative = false;
  watch.take({lame, txt({"v1"})});
  CHECK(watch.is_done());
  REQUIRE(watch.lame().size() == 1);
  CHECK(watch.lame()[0].name == "ns1.example.net");
  CHECK(watch.blind().empty());

  Watch all_lame = watch_for(record, {ns1});
  all_lame.take({lame});
  CHECK(all_lame.blind() == std::vector<std::string>{"_acme-challenge.example.com"});
  CHECK(all_lame.silent().empty());
}

TEST_CASE("an answer without the value is a denial, silence is not") {
  Watch watch = watch_for(both, {ns1, ns2});
  CHECK_FALSE(watch.is_denied());
  watch.take({txt({"v1", "v2"}), timeout});
  CHECK_FALSE(watch.is_denied());
  watch.take({txt({"v1"})});
  CHECK(watch.is_denied());
  watch.take({txt({"v1", "v2"})});
  CHECK_FALSE(watch.is_denied());
}

TEST_CASE("the message names the server and its answer") {
  Watch watch = watch_for(record, {ns2});
  watch.take({no(DnsStatus::no_name)});
  CHECK(watch.complaint() == "_acme-challenge.example.com: ns2.example.net (192.0.2.2) has no such record");
  watch.take({txt({"old", "older"})});
  CHECK(watch.complaint() ==
        "_acme-challenge.example.com: ns2.example.net (192.0.2.2) answers 2 other values");
  watch.take({timeout});
  CHECK(watch.complaint() ==
        "_acme-challenge.example.com: ns2.example.net (192.0.2.2) does not answer: timeout");

  Watch half = watch_for(both, {ns1, ns2});
  half.take({txt({"v1"}), txt({"old"})});
  CHECK(half.complaint() ==
        "_acme-challenge.example.com: ns1.example.net (192.0.2.1) answers only some of the 2 values, and 1 "
        "more "
        "answer like that");
}

TEST_CASE("the live line names the server that certo waits for") {
  Watch watch = watch_for(record, {ns1, ns2});
  watch.take({txt({"v1"}), txt({})});
  CHECK(watch.waiting_for() == "waiting for ns2.example.net to show _acme-challenge.example.com");
}

TEST_CASE("the live line counts the names that are visible if there are several") {
  Watch watch;
  for (const char* name : {"_acme-challenge.a.example", "_acme-challenge.b.example"})
    watch.expect({name, {"v1"}}, ns1, Silence::is_forgiven);
  CHECK(watch.waiting_for() ==
        "waiting for ns1.example.net to show _acme-challenge.a.example, 0 of 2 names visible");
  watch.take({txt({"v1"}), txt({})});
  CHECK(watch.waiting_for() ==
        "waiting for ns1.example.net to show _acme-challenge.b.example, 1 of 2 names visible");
}

TEST_CASE("a dead server is asked twice and then ignored") {
  Watch watch = watch_for(record, {ns1, ns2});
  watch.take({txt({"v1"}), timeout});
  CHECK_FALSE(watch.is_done());
  watch.take({timeout});
  CHECK(watch.is_done());
  CHECK(watch.blind().empty());
}

TEST_CASE("certo waits for a server that has answered once") {
  Watch watch = watch_for(record, {ns1});
  watch.take({txt({})});
  for (int i = 0; i < 5; ++i) watch.take({timeout});
  CHECK_FALSE(watch.is_done());
  watch.take({txt({"v1"})});
  CHECK(watch.is_done());
}

TEST_CASE("an address that cannot be reached is not needed if the server has another one") {
  Watch watch = watch_for(record, {ns1, ns1_v6});
  watch.take({txt({"v1"}), no(DnsStatus::failed)});
  CHECK(watch.is_done());
  CHECK(watch.blind().empty());
}

TEST_CASE("names whose servers are all silent are reported, so that the resolver can be asked") {
  Watch watch = watch_for(record, {ns1, ns2});
  watch.expect({"_acme-challenge.example.org", {"v"}}, ns1, Silence::is_forgiven);
  watch.take({no(DnsStatus::refused), timeout, txt({"v"})});
  watch.take({no(DnsStatus::refused), timeout});
  CHECK(watch.is_done());
  CHECK(watch.blind() == std::vector<std::string>{"_acme-challenge.example.com"});
}

TEST_CASE("the resolver is asked without naming a server, and may be slow") {
  Watch watch;
  watch.expect(record, resolver, Silence::counts);
  CHECK(watch.questions()[0].servers.empty());
  for (int i = 0; i < 5; ++i) watch.take({timeout});
  CHECK_FALSE(watch.is_done());
  CHECK(watch.complaint() == "_acme-challenge.example.com: the resolver does not answer: timeout");
}

TEST_CASE("values of one name are looked for together") {
  const std::vector<Wanted> wanted = by_name({{"_acme-challenge.Example.com.", "v1"},
                                              {"_acme-challenge.example.org", "v3"},
                                              {"_acme-challenge.example.com", "v2"},
                                              {"_acme-challenge.example.com", "v1"}});
  REQUIRE(wanted.size() == 2);
  CHECK(wanted[0].name == "_acme-challenge.example.com");
  CHECK(wanted[0].values == std::vector<std::string>{"v1", "v2"});
  CHECK(wanted[1].values == std::vector<std::string>{"v3"});
}

TEST_CASE("the first look is immediate, and the pauses grow") {
  CHECK(next_look(0) == Millis(0));
  for (int round = 1; round < 20; ++round) CHECK(next_look(round) >= next_look(round - 1));
  CHECK(next_look(1000) == Millis(5000));
}
