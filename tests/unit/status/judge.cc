// What the facts about a certificate mean.
#include "status/judge.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/certificates.h"

using namespace certo;
using namespace certo::status;
using certo::test::test_time;
using std::chrono::days;
using std::chrono::hours;

namespace {

Row sound_row(Seconds lifetime = days(90)) {
  Row row;
  row.name = "shop";
  row.not_before = test_time;
  row.not_after = test_time + lifetime;
  row.renew_at = row.not_after - lifetime / 3;
  return row;
}

bool has(const Row& row, Kind kind) { return std::ranges::count(row.findings, kind, &Finding::kind) > 0; }

Row judged(Row row, Time now, const Thresholds& thresholds = {}) {
  judge(row, thresholds, now);
  return row;
}

}  // namespace

TEST_CASE(
    "thresholds are shares of the lifetime, so that a certificate of six days is judged like one of 90") {
  for (const Seconds lifetime : {Seconds(days(90)), Seconds(days(47)), Seconds(hours(160))}) {
    CAPTURE(lifetime.count());
    const Time end = test_time + lifetime;
    CHECK(level_of(test_time, end, {}, test_time) == Level::ok);
    CHECK(level_of(test_time, end, {}, end - lifetime / 3) == Level::ok);
    CHECK(level_of(test_time, end, {}, end - lifetime / 5) == Level::warn);
    CHECK(level_of(test_time, end, {}, end - lifetime / 13) == Level::crit);
    CHECK(level_of(test_time, end, {}, end) == Level::crit);
  }
}

TEST_CASE("a certificate of a year is a warning for its last 30 days only") {
  const Time end = test_time + days(398);
  CHECK(level_of(test_time, end, {}, end - days(31)) == Level::ok);
  CHECK(level_of(test_time, end, {}, end - days(29)) == Level::warn);
  CHECK(level_of(test_time, end, {}, end - days(10)) == Level::crit);
}

TEST_CASE("given thresholds take the place of the shares") {
  const Thresholds given{.warn = store::parse_renew_before("21d"), .crit = store::parse_renew_before("10%")};
  const Time end = test_time + days(90);
  CHECK(level_of(test_time, end, given, end - days(22)) == Level::ok);
  CHECK(level_of(test_time, end, given, end - days(21)) == Level::warn);
  CHECK(level_of(test_time, end, given, end - days(9)) == Level::crit);
}

TEST_CASE("a sound certificate has no finding") {
  const Row row = judged(sound_row(), test_time + days(30));
  CHECK(row.level == Level::ok);
  CHECK(row.findings.empty());
}

TEST_CASE("a renewal is late after the middle of its window") {
  const Row row = sound_row();
  const Time middle = row.renew_at + days(15);
  CHECK(late_after(row) == middle);
  CHECK_FALSE(has(judged(row, middle - hours(1)), Kind::late));
  CHECK(has(judged(row, middle), Kind::late));
}

TEST_CASE("the window of the CA counts, but an hourly run after the due time must have had its chance") {
  Row row = sound_row();
  row.window_start = test_time + days(60);
  row.window_end = test_time + days(62);
  row.renew_at = *row.window_start + hours(3);
  CHECK(late_after(row) == test_time + days(61));
  row.renew_at = *row.window_end - hours(2);
  CHECK(late_after(row) == *row.window_end);
  row.window_end = row.window_start;  // a window that is none
  CHECK(late_after(row) > *row.window_end);
}

TEST_CASE("without a certificate or a due time nothing is late") {
  Row row = sound_row();
  row.renew_at = Time{};
  CHECK(late_after(row) == Time{});
  row = Row{};
  CHECK(late_after(row) == Time{});
}

TEST_CASE("the worst finding is the first, and the level is its level") {
  Row row = sound_row();
  row.failures = 3;
  row.last_error = "example.com: no such \x1b[31mrecord";
  row.is_test = true;
  const Row result = judged(row, row.not_after + hours(1));
  CHECK(result.level == Level::crit);
  CHECK(result.findings.front().kind == Kind::expired);
  CHECK(result.findings.back().kind == Kind::test);
  CHECK(has(result, Kind::failing));
  for (const Finding& one : result.findings) CHECK(one.what.find('\x1b') == one.what.npos);
}

TEST_CASE("a finding says what to do") {
  Row row = sound_row();
  row.failures = 1;
  row.retry_at = test_time + hours(2);
  row.installation = "not installed yet";
  row.are_hooks_pending = row.is_rekey_owed = row.is_revoked = true;
  row.names_missing = {"www.example.com"};
  row.files = {{.path = "/etc/a.pem", .part = "key", .state = FileState::missing},
               {.path = "/etc/b.pem",
                .part = "key",
                .mode_fault = "all users can read the private key",
                .mode_wanted = "0640"}};
  const Row result = judged(row, test_time);
  CHECK(result.findings.size() == 8);
  for (const Finding& one : result.findings) {
    CAPTURE(one.what);
    CHECK_FALSE(one.advice.empty());
  }
}

TEST_CASE("a record of dns-persist-01 that ends within 30 days is a finding, whenever the next renewal is") {
  Row row = sound_row();
  row.record = "_validation-persist.example.com";
  CHECK_FALSE(has(judged(row, test_time), Kind::record_ends));
  row.record_ends = test_time + days(30);
  CHECK_FALSE(has(judged(row, test_time), Kind::record_ends));
  row.record_ends = test_time + days(29);
  const Row soon = judged(row, test_time);
  REQUIRE(has(soon, Kind::record_ends));
  CHECK(soon.level == Level::warn);
  CHECK(soon.findings.front().what ==
        "_validation-persist.example.com ends in 29 days: no renewal will succeed after that");
  row.record_ends = test_time - days(2);
  CHECK(judged(row, test_time).findings.front().what ==
        "_validation-persist.example.com ended 2 days ago: no renewal will succeed");
}

TEST_CASE("a first issue that has not succeeded is one finding") {
  Row row;
  row.name = "new";
  row.is_begun = true;
  row.failures = 2;
  row.last_error = "no such name";
  const Row result = judged(row, test_time);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.level == Level::warn);
  CHECK(result.findings[0].what == "its first issue has not succeeded: no such name");
}

TEST_CASE("rows are sorted by level, then by their end") {
  Overview overview;
  for (const auto& [name, lifetime] : {std::pair{"late", 90}, {"soon", 20}, {"never", 400}})
    overview.rows.push_back(sound_row(days(lifetime))), overview.rows.back().name = name;
  overview.rows[2].damage = "key.pem: not a key";
  for (Row& row : overview.rows) judge(row, {}, test_time);
  judge(overview);
  CHECK(overview.rows[0].name == "never");
  CHECK(overview.rows[1].name == "soon");
  CHECK(overview.level == Level::crit);
}

TEST_CASE("every kind of finding has its own word") {
  std::vector<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Kind::unknown); ++i) words.push_back(word(static_cast<Kind>(i)));
  std::ranges::sort(words);
  CHECK(std::ranges::adjacent_find(words) == words.end());
}
