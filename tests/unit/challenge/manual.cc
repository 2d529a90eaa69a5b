// --dns manual if nobody can be asked. tests/e2e/manual.sh has visible records and the terminal.
#include "challenge/manual.h"

#include "challenge/dns.h"
#include "challenge/solver.h"
#include "fixtures/challenge_task.h"
#include "fixtures/support.h"
#include "os/file.h"
#include "renew/issue.h"

using namespace certo;
using namespace certo::challenge;
using namespace certo::test;

namespace {

struct ByHand {
  store::Dns way() const {
    store::Dns way;
    way.provider = manual;
    way.resolvers = {{"127.0.0.1:1"}};  // nothing listens there: refused at once
    return way;
  }
  SolverSettings settings() const { return {.deadline = Deadline(Millis(50))}; }

  TempDir temporary;
  store::Home home{temporary / "home"};
};

}  // namespace

TEST_CASE("records that are not visible need a person, and all of them are listed") {
  const ByHand hand;
  store::Dns way = hand.way();
  way.aliases = {{"other.example", "x.validation.example"}};
  const auto solver = make_solver(hand.home, way, hand.settings());
  try {
    solver->present({dns_task("v1"), dns_task("v2", "_acme-challenge.other.example")});
    FAIL("nothing was thrown");
  } catch (const PersonNeeded& needed) {
    CHECK(needed.code == Exit::person_needed);
    CHECK(needed.message == "2 TXT records must be added by hand");
    CHECK(needed.hint == "add them, then run the same command again");
    REQUIRE(needed.records.size() == 2);
    CHECK(needed.records[0].name == "_acme-challenge.example.com");
    CHECK(needed.records[1].name == "x.validation.example");
    CHECK(needed.records[1].value == "v2");
  }
  solver->cleanup();
  CHECK_FALSE(os::exists(hand.home.presented()));
}

TEST_CASE("a person gets all records at once, and none if nothing is left to prove") {
  const ByHand hand;
  const auto solver = make_solver(hand.home, hand.way(), hand.settings());
  CHECK(solver->rounds({dns_task("v1"), dns_task("v2")}).size() == 1);
  CHECK_NOTHROW(solver->present({}));
}

TEST_CASE("a malformed name from outside is not shown to a person as a record to add") {
  const ByHand hand;
  const auto solver = make_solver(hand.home, hand.way(), hand.settings());
  CHECK(error_of([&] { solver->present({dns_task("v1", "a..b")}); }).code == Exit::bad_input);
}

TEST_CASE("`present` and `cleanup` refuse --dns manual") {
  const ByHand hand;
  const std::vector<DnsRecord> records = {{"_acme-challenge.example.com", "v1"}};
  CHECK(error_of([&] { present_records(hand.home, hand.way(), hand.settings(), records); }).code ==
        Exit::usage);
  CHECK(error_of([&] { cleanup_records(hand.home, hand.way(), hand.settings(), records); }).code ==
        Exit::usage);
}

TEST_CASE("waiting for a person does not postpone a renewal, a failure does") {
  const ByHand hand;
  const store::Entry entry(hand.home, "example.com");
  const Time now = *from_rfc3339("2026-12-01T00:00:00Z");
  renew::note_failure(entry, PersonNeeded({}, "by hand", ""), now);
  CHECK(entry.status().failures == 0);
  CHECK_FALSE(entry.status().retry_at);
  renew::note_failure(entry, Error(Exit::failed, "no"), now);
  CHECK(entry.status().failures == 1);
  CHECK(entry.status().retry_at > now);
}
