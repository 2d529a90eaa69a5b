// Alerts: which findings are reported, and that each is reported once a day.
#include "status/alerts.h"

#include <doctest/doctest.h>

#include "fixtures/certificates.h"
#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::status;
using certo::test::TempDir;
using certo::test::test_time;
using std::chrono::hours;

namespace {

Row row(const std::string& name, Kind kind, Level level) {
  Row row;
  row.name = name;
  row.findings = {{kind, level, "it is so", "do that"}};
  return row;
}

std::vector<std::string> words(const std::vector<Alert>& alerts) {
  std::vector<std::string> words;
  for (const Alert& one : alerts) words.push_back(std::string(word(one.topic)) + " " + one.subject);
  return words;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("alerts are about what no run reports, and not about a server that is silent now") {
  Overview overview;
  overview.rows = {row("a", Kind::late, Level::warn), row("b", Kind::expiring, Level::crit),
                   row("c", Kind::failing, Level::warn), row("d", Kind::test, Level::ok),
                   row("e", Kind::record_ends, Level::warn)};
  overview.rows[3].endpoints.push_back({.server = "d:443"});
  overview.rows[3].endpoints[0].findings = {{Kind::other_certificate, Level::warn, "another", ""},
                                            {Kind::unreachable, Level::crit, "refused", ""}};
  CHECK(words(alerts_of(overview)) == Words{"late a", "expires b", "endpoint d, d:443", "will-fail e"});
}

TEST_CASE("an alert is new once a day, also after the file was read again") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  os::make_folder(home.path(), 0700);
  const std::vector<Alert> alerts = {{Topic::late, "a", "x", ""}, {Topic::late, "a", "y", ""}};
  {
    Reported reported(home);
    CHECK(reported.take_new(alerts, test_time).size() == 2);
    CHECK(reported.take_new(alerts, test_time + hours(23)).empty());
    CHECK(reported.take_new({{Topic::expires, "a", "x", ""}}, test_time).size() == 1);
    CHECK(reported.must_ask_servers(test_time));
    reported.note_servers_asked(test_time);
    reported.save();
  }
  Reported again(home);
  CHECK(again.take_new(alerts, test_time + hours(1)).empty());
  CHECK_FALSE(again.must_ask_servers(test_time + hours(1)));
  CHECK(again.must_ask_servers(test_time + hours(24)));
  CHECK(again.take_new(alerts, test_time + hours(24)).size() == 2);
}

TEST_CASE("a time from the future, and a damaged file, keep nothing back") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  os::make_folder(home.path(), 0700);
  const std::vector<Alert> alerts = {{Topic::late, "a", "x", ""}};
  Reported reported(home);
  reported.take_new(alerts, test_time + hours(1000));
  CHECK(reported.take_new(alerts, test_time).size() == 1);
  os::write_file(home.path() + "/alerts.json", "{", 0600);
  CHECK(Reported(home).take_new(alerts, test_time).size() == 1);
}

TEST_CASE("without an alert there is no file") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  os::make_folder(home.path(), 0700);
  Reported(home).save();
  CHECK_FALSE(os::exists(home.path() + "/alerts.json"));
}

TEST_CASE("a failure is new once a day, in each form") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  home.prepare();
  {
    Reported reported(home);
    CHECK_FALSE(reported.has("a: no", test_time));
    CHECK(reported.take_new("a: no", test_time));
    CHECK_FALSE(reported.take_new("a: no", test_time + std::chrono::hours(1)));
    CHECK(reported.take_new("a: other", test_time));
    reported.save();
  }
  Reported again(home);
  CHECK(again.has("a: no", test_time + std::chrono::hours(23)));
  CHECK(again.take_new("a: no", test_time + std::chrono::hours(24)));
  CHECK_FALSE(again.has("a: no", test_time - std::chrono::hours(1)));  // from a clock that was ahead
}

TEST_CASE("the alerts of a newer certo stay as they are") {
  const TempDir temporary;
  const store::Home home(temporary / "home");
  home.prepare();
  const std::string newer = R"({"certo":"alerts/2"})";
  os::write_file(home.path() + "/alerts.json", newer, 0600);
  Reported reported(home);
  CHECK(reported.take_new("a: no", test_time));
  reported.save();
  CHECK(os::read_file(home.path() + "/alerts.json") == newer);
}
