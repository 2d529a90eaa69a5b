#include "status/html.h"

#include <doctest/doctest.h>

#include "status/html_parts.h"
#include "status/judge.h"

using namespace certo;
using namespace certo::status;
using std::chrono::days;

namespace {

constexpr Time noon{Seconds(1796040000)};  // a Monday: 2026-11-30T12:00:00Z

bool has(const std::string& page, std::string_view part) { return page.find(part) != page.npos; }

size_t count(const std::string& page, std::string_view part) {
  size_t found = 0;
  for (size_t at = page.find(part); at != page.npos; at = page.find(part, at + 1)) ++found;
  return found;
}

Row row(const std::string& name, int age, int lifetime) {
  Row row;
  row.name = name;
  row.names = {name};
  row.directory = "https://acme.example/directory";
  row.key_type = "ec-256";
  row.not_before = noon - days(age);
  row.not_after = row.not_before + days(lifetime);
  row.renew_at = row.not_before + days(lifetime * 2 / 3);
  return row;
}

Overview overview(std::vector<Row> rows) {
  Overview all;
  all.now = noon;
  all.home = "/var/lib/certo";
  all.rows = std::move(rows);
  for (Row& one : all.rows) judge(one, Thresholds{}, noon);
  judge(all);
  return all;
}

}  // namespace

TEST_CASE("everything from outside is escaped in a page") {
  const std::string attack = "\"'><script>alert(1)</script>\x1b[31m&";
  Row bad = row(attack, 10, 90);
  bad.names = {attack};
  bad.directory = "https://" + attack + "/";
  bad.key_type = bad.last_error = bad.installation = attack;
  bad.failures = 3;
  Endpoint endpoint;
  endpoint.server = endpoint.certificate = attack;
  endpoint.served = {Served{}};
  endpoint.findings = {{Kind::unreachable, Level::crit, attack, attack}};
  bad.endpoints = {endpoint};
  Overview all = overview({bad});
  all.home = attack;
  all.schedule = {attack, attack, attack, attack, {}, 0, attack};
  all.endpoints = {endpoint};
  all.findings = {{Kind::schedule_fault, Level::warn, attack, attack}};
  const std::string page = html_page(all, {{attack, attack, attack, attack, true}});
  CHECK_FALSE(has(page, "<script"));
  CHECK_FALSE(has(page, "'>&lt;"));
  CHECK_FALSE(has(page, "\x1b"));
  CHECK(has(page, "&quot;&#39;&gt;&lt;script&gt;alert(1)"));
}

TEST_CASE("a page fetches nothing and runs nothing") {
  const std::string page = html_page(overview({row("a.example", 10, 90)}), {});
  for (const char* part : {"<script", "src=", "href=", "url(", "@import", "<link", "<img", "onload"})
    CHECK_FALSE(has(page, part));
  CHECK(has(page, "default-src 'none'"));
}

TEST_CASE("totals count each certificate once, and what to do names those that are not fine") {
  const std::string page = html_page(
      overview({row("fine.example", 10, 90), row("soon.example", 70, 90), row("gone.example", 91, 90)}), {});
  CHECK(has(page, "<b>3</b>certificates"));
  CHECK(has(page, "<b class=ok>1</b>are fine"));
  CHECK(has(page, "<b class=warn>1</b>need a look soon"));
  CHECK(has(page, "<b class=crit>1</b>need you now"));
  const std::string to_do =
      page.substr(page.find("What to do"), page.find("13 weeks") - page.find("What to do"));
  CHECK(has(to_do, "gone.example"));
  CHECK(has(to_do, "soon.example"));
  CHECK_FALSE(has(to_do, "fine.example"));
  CHECK(to_do.find("gone.example") < to_do.find("soon.example"));
}

TEST_CASE("the calendar has the day of each renewal and end, and renewals that are due are today") {
  const std::string calendar = html_dates_of(
      overview({row("a.example", 10, 90), row("b.example", 10, 90), row("late.example", 80, 90)}));
  CHECK(count(calendar, "<td") == 91);
  CHECK(has(calendar,
            "<td class=now title=\"renew: late.example\"><i>30 Nov</i><span class=plan>1 renew</span>"));
  CHECK(has(calendar, "title=\"renew: a.example, b.example\"><i>19</i><span class=plan>2 renew</span>"));
  CHECK(has(calendar, "title=\"end: a.example, b.example\"><i>18</i><span>2 end</span>"));
  CHECK(has(calendar, "<i>1 Dec</i>"));
}

TEST_CASE("a day with many certificates names a few") {
  std::vector<Row> rows;
  for (int i = 0; i < 20; ++i) rows.push_back(row("n" + std::to_string(i) + ".example", 10, 90));
  const std::string calendar = html_dates_of(overview(rows));
  CHECK(has(calendar, "n7.example and 12 more"));
  CHECK(has(calendar, "20 renew"));
}

TEST_CASE("the bar of a lifetime shows now and the renewal") {
  CHECK(has(html_page(overview({row("a.example", 45, 90)}), {}), "--a:50%;--r:67%"));
  Row none = row("b.example", 0, 0);
  none.not_before = none.not_after = none.renew_at = Time{};
  CHECK(has(html_page(overview({none}), {}), "none yet"));
}

TEST_CASE("a page of two thousand certificates is below 2 MB") {
  std::vector<Row> rows;
  for (int i = 0; i < 2000; ++i)
    rows.push_back(row("certificate" + std::to_string(i) + ".example.com", i % 60, 90));
  const std::string page = html_page(overview(rows), {});
  CHECK(page.size() < 2'000'000);
  CHECK(has(page, "certificate1999.example.com"));
}

TEST_CASE("a page says how far a day is") {
  CHECK(html_distance(noon, noon) == "today");
  CHECK(html_distance(noon + std::chrono::hours(13), noon) == "in 1 day");
  CHECK(html_distance(noon + days(3), noon) == "in 3 days");
  CHECK(html_distance(noon - days(1), noon) == "1 day ago");
}
