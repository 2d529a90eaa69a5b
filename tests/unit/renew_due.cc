#include "renew/due.h"

#include <doctest/doctest.h>

using namespace certo;
using namespace certo::renew;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Time start = *from_rfc3339("2026-11-21T00:00:00Z");

}  // namespace

TEST_CASE("a certificate is due when a third of its life is left") {
  CHECK(due_by_lifetime(start, start + days(90)) == start + days(60));
  CHECK(due_by_lifetime(start, start + days(47)) == start + days(31) + hours(8));
  CHECK(due_by_lifetime(start, start + days(10)) == start + days(6) + hours(16));
}

TEST_CASE("a certificate for less than ten days is due at half of its life") {
  CHECK(due_by_lifetime(start, start + days(6)) == start + days(3));
  CHECK(due_by_lifetime(start, start + days(10) - Seconds(2)) == start + days(5) - Seconds(1));
  CHECK(due_by_lifetime(start, start + hours(1)) == start + minutes(30));
  CHECK(due_by_lifetime(start, start - days(1)) == start - days(1));
}

TEST_CASE("an instant lies in its window, two hours before the end where there is room") {
  const Time end = start + days(2);
  CHECK(instant_in(start, end, 0) == start);
  for (const uint64_t random : {uint64_t{1}, uint64_t{165'599}, uint64_t{165'600}, UINT64_MAX}) {
    const Time instant = instant_in(start, end, random);
    CHECK(instant >= start);
    CHECK(instant < end - hours(2));
  }
  CHECK(instant_in(start, end, 165'599) == end - hours(2) - Seconds(1));
}

TEST_CASE("a window without room is used to its end") {
  CHECK(instant_in(start, start + hours(2), 7199) == start + Seconds(7199));
  CHECK(instant_in(start, start + Seconds(1), UINT64_MAX) == start);
  CHECK(instant_in(start, start, 5) == start);
  CHECK(instant_in(start, start - days(1), 5) == start);
}

TEST_CASE("the wait grows with each failure in a row") {
  const Time far = start + days(365);
  CHECK(back_off(0, start, far) == Seconds(0));
  CHECK(back_off(1, start, far) == hours(1));
  CHECK(back_off(2, start, far) == hours(4));
  CHECK(back_off(3, start, far) == hours(24));
  CHECK(back_off(1000, start, far) == hours(24));
}

TEST_CASE("the wait is at most half of what is left of the certificate") {
  CHECK(back_off(3, start, start + hours(24)) == hours(12));
  CHECK(back_off(1, start, start + hours(1)) == minutes(30));
  CHECK(back_off(1, start, start + Seconds(10)) == minutes(1));
}

TEST_CASE("an expired certificate is tried every hour, one that never was as any other") {
  CHECK(back_off(5, start, start) == hours(1));
  CHECK(back_off(5, start, start - days(9)) == hours(1));
  CHECK(back_off(5, start, Time{}) == hours(24));
}

TEST_CASE("a certificate is due from its instant on") {
  store::Status status;
  status.due = start;
  status.not_after = start + days(30);
  CHECK(due(status, start - Seconds(1)) == Due::later);
  CHECK(due(status, start) == Due::now);
  CHECK(due(store::Status{}, start) == Due::now);  // nothing is known of it
}

TEST_CASE("an expired certificate is due whatever instant was chosen") {
  store::Status status;
  status.due = start + days(900);
  status.not_after = start;
  CHECK(due(status, start) == Due::now);
}

TEST_CASE("a certificate that is due is held back until its next try") {
  store::Status status;
  status.due = start;
  status.retry_at = start + hours(1);
  CHECK(due(status, start) == Due::held_back);
  CHECK(due(status, start - Seconds(1)) == Due::later);
  CHECK(due(status, start + hours(1)) == Due::now);
}

TEST_CASE("a wait that no CA asks for holds nothing back") {
  store::Status status;
  status.due = start;
  status.retry_at = start + days(3650);
  CHECK(due(status, start) == Due::now);
}
