// Failures, and findings that only may be one, because the CA looks from elsewhere.
#include "check/finding.h"
#include "check/survey.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::check;

namespace {

struct Place {
  test::TempDir temporary;
  store::Home home{temporary / "home"};
  Scene scene{.home = home,
              .certificate = "a",
              .request = {},
              .ca = {},
              .solving = {},
              .deadline = Deadline(Seconds(1))};

  Place(bool is_public, std::vector<std::string> own) {
    scene.ca.is_public = is_public;
    scene.own_addresses = std::move(own);
  }
  bool sees(const std::string& address) const { return outlook_on(scene, address).is_conclusive; }
};

}  // namespace

TEST_CASE("addresses of everybody, of private networks, and of this machine") {
  for (const char* text : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2001:4860:4860::8888"}) {
    CAPTURE(text);
    CHECK(realm(text) == Realm::everybody);
  }
  for (const char* text :
       {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.1.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.9", "fe80::1", "fd00::1",
        "2001:db8::1", "::", "ff02::1"}) {
    CAPTURE(text);
    CHECK(realm(text) == Realm::private_network);
  }
  CHECK(realm("127.0.0.1") == Realm::this_machine);
  CHECK(realm("127.1.2.3") == Realm::this_machine);
  CHECK(realm("::1") == Realm::this_machine);
}

TEST_CASE("behind NAT, the router may answer at the public address") {
  CHECK_FALSE(Place(true, {"127.0.0.1", "192.168.1.5"}).sees("8.8.8.8"));
  CHECK(Place(true, {"127.0.0.1", "8.8.8.8"}).sees("8.8.8.8"));
  CHECK(Place(true, {"9.9.9.9"}).sees("8.8.8.8"));
  CHECK_FALSE(Place(true, {"9.9.9.9"}).sees("2606:4700::1"));
}

TEST_CASE("a public CA does not see a private address, and a private one does") {
  CHECK_FALSE(Place(true, {"10.0.0.1"}).sees("10.0.0.1"));
  CHECK_FALSE(Place(true, {"8.8.8.8"}).sees("127.0.0.1"));
  CHECK(Place(false, {"10.0.0.1"}).sees("10.0.0.1"));
  CHECK(Place(false, {}).sees("127.0.0.1"));
}

TEST_CASE("a failure that cannot be proven is a warning that says why") {
  const Finding failure = failing("a.example", "CAA", "it forbids it", "allow it");
  CHECK(Outlook{}.judge(failure).level == Level::will_fail);
  const Finding doubtful = Outlook{false, "this machine has no IPv6"}.judge(failure);
  CHECK(doubtful.level == Level::warning);
  CHECK(doubtful.because ==
        "could not be checked from here: this machine has no IPv6; seen from here: it forbids it");
  CHECK(doubtful.to_do == "allow it");
  CHECK(exit_of({doubtful}) == Exit::ok);
}

TEST_CASE("the exit code is that of the failure that counts most") {
  const Finding one = failing("a", "b", "c", ""), other = failing("a", "b", "c", "", Exit::config);
  CHECK(exit_of({}) == Exit::ok);
  CHECK(exit_of({good("a", "b", "c"), warning("a", "b", "c", "")}) == Exit::ok);
  CHECK(exit_of({one}) == Exit::failed);
  CHECK(exit_of({one, other}) == Exit::config);
}

TEST_CASE("a failure at one of several CAs is a warning if another one can issue") {
  const auto at = [](const char* ca, Exit exit) {
    return of_ca(ca, {failing("a.example", "CAA", "it forbids it", "allow it", exit)}).front();
  };
  const std::vector<std::string> cas = {"One", "Two"};
  Findings first = {at("One", Exit::failed), good("a.example", "CAA", "fine")};
  weigh(first, cas);
  CHECK(first.front().level == Level::warning);
  CHECK(lines(first.front()).front() ==
        "warning: a.example: CAA (One): it forbids it; Two can issue the certificate");
  CHECK(to_json(to_json(first.front())).find(R"("level":"warning","ca":"One")") != std::string::npos);
  Findings second = {at("Two", Exit::usage)};  // never asked
  weigh(second, cas);
  CHECK(exit_of(second) == Exit::ok);
  Findings both = {at("One", Exit::failed), at("Two", Exit::config)};
  weigh(both, cas);
  CHECK(exit_of(both) == Exit::config);
  // No other CA is asked after such a failure.
  Findings end = {at("One", Exit::usage)};
  weigh(end, cas);
  CHECK(exit_of(end) == Exit::usage);
  Findings common = {failing("a.example", "addresses", "none", "")};
  weigh(common, cas);
  CHECK(exit_of(common) == Exit::failed);
}

TEST_CASE("findings are printable, and have the same words as JSON") {
  const Finding finding = failing("a.example", "CAA", "value \x1b[2J", "do it", Exit::config);
  CHECK(lines(finding) ==
        std::vector<std::string>{"will fail: a.example: CAA: value \\x1b[2J", "  do: do it"});
  CHECK(to_json(to_json(finding)) == R"({"subject":"a.example","check":"CAA","level":"will-fail",)"
                                     R"("because":"value \\x1b[2J","to_do":"do it","code":78})");
  CHECK(lines(good("a", "b", "c")) == std::vector<std::string>{"ok: a: b: c"});
}
