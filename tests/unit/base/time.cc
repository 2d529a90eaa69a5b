#include "base/time.h"

#include <doctest/doctest.h>

using namespace certo;

namespace {
constexpr Time noon(Seconds(1795228320));  // 2026-11-21T02:32:00Z
}

TEST_CASE("times are written in UTC") {
  CHECK(rfc3339(noon) == "2026-11-21T02:32:00Z");
  CHECK(compact_utc(noon) == "20261121T023200Z");
  CHECK(rfc3339(Time(Seconds(-1))) == "1969-12-31T23:59:59Z");
  CHECK(rfc3339(Time(Seconds(2519931200))) == "2049-11-07T20:53:20Z");
}

TEST_CASE("RFC 3339 times may have a fraction, an offset and small letters") {
  CHECK(from_rfc3339("2026-11-21T02:32:00Z") == noon);
  CHECK(from_rfc3339("2026-11-21t02:32:00.123456789z") == noon);
  CHECK(from_rfc3339("2026-11-21T04:02:00+01:30") == noon);
  CHECK(from_rfc3339("2026-11-20T21:32:00-05:00") == noon);
  CHECK(from_rfc3339("2016-12-31T23:59:60Z") == from_rfc3339("2017-01-01T00:00:00Z"));
  CHECK(from_rfc3339("2049-11-07T20:53:20Z") == Time(Seconds(2519931200)));
  CHECK(from_rfc3339("9999-12-31T23:59:59Z").has_value());
}

TEST_CASE("an RFC 3339 time is in a year that can be written again") {
  CHECK(rfc3339(from_rfc3339("0000-01-01T00:00:00Z").value()) == "0000-01-01T00:00:00Z");
  CHECK(rfc3339(from_rfc3339("9999-12-31T23:59:59Z").value()) == "9999-12-31T23:59:59Z");
  CHECK_FALSE(from_rfc3339("0000-01-01T00:00:00+00:01"));
  CHECK_FALSE(from_rfc3339("9999-12-31T23:59:59-00:01"));
  CHECK_FALSE(from_rfc3339("9999-12-31T23:59:60Z"));
}

TEST_CASE("what is not quite an RFC 3339 time is refused") {
  for (const char* text : {"", "2026-11-21", "2026-11-21T02:32:00", "2026-11-21 02:32:00Z",
                           "2026-11-21T02:32Z", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
                           "2026-11-21T24:00:00Z", "2026-11-21T02:32:00.Z", "2026-11-21T02:32:00Zx",
                           "2026-11-21T02:32:00+1:30", "2026-11-21T02:32:00+24:00", "+026-11-21T02:32:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(from_rfc3339(text));
  }
}

TEST_CASE("HTTP dates are read in their fixed form only") {
  CHECK(from_http_date("Sat, 21 Nov 2026 02:32:00 GMT") == noon);
  CHECK(http_date(noon) == "Sat, 21 Nov 2026 02:32:00 GMT");
  CHECK(http_date(from_rfc3339("1994-11-06T08:49:37Z").value()) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK_FALSE(from_http_date("Sat, 21 Nov 2026 02:32:00 CET"));
  CHECK_FALSE(from_http_date("Saturday, 21-Nov-26 02:32:00 GMT"));
  CHECK_FALSE(from_http_date("Sat, 31 Nov 2026 02:32:00 GMT"));
  CHECK_FALSE(from_http_date("Sat, 21 nov 2026 02:32:00 GMT"));
  CHECK_FALSE(from_http_date("120"));
}

TEST_CASE("a deadline has nothing left once it has passed") {
  const Deadline over(Millis(-5));
  CHECK(over.passed());
  CHECK(over.left() == Millis(0));
  const Deadline far(Seconds(1000));
  CHECK_FALSE(far.passed());
  CHECK(far.left() > Seconds(990));
  CHECK(far.at_most(Seconds(10)).left() <= Seconds(10));
  CHECK(over.at_most(Seconds(10)).passed());
}
