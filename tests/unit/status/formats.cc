// An overview for other programs, and for a terminal.
#include "status/formats.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "commands/status_text.h"
#include "console/layout.h"
#include "fixtures/certificates.h"
#include "status/judge.h"

using namespace certo;
using namespace certo::status;
using certo::test::test_time;
using std::chrono::days;

namespace {

Overview example() {
  Overview overview{.now = test_time, .home = "/var/lib/certo"};
  for (const int left : {5, 60}) {
    Row row;
    row.name = left == 5 ? "bad" : "good";
    row.names = {row.name + ".example.com"};
    row.not_after = test_time + days(left);
    row.not_before = row.not_after - days(90);
    row.renew_at = row.not_after - days(30);
    judge(row, {}, test_time);
    overview.rows.push_back(row);
  }
  overview.rows[0].failures = 2;
  Endpoint endpoint{.server = "www.example.net:443"};
  endpoint.served.push_back({.family = 4, .serial = "01", .not_after = test_time + days(3)});
  add(endpoint.findings, endpoint.level, {Kind::wrong_name, Level::crit, "for a|b\n\x1b[31m", "look"});
  overview.endpoints.push_back(endpoint);
  judge(overview);
  return overview;
}

}  // namespace

TEST_CASE("Nagios gets one line with performance data, and what comes from outside adds no bar") {
  const std::string text = nagios_text(example());
  const std::string first = text.substr(0, text.find('\n'));
  CHECK(first.starts_with("CERTO CRITICAL - 2 critical, 0 warning, 1 ok: "));
  CHECK(first.ends_with(" | critical=2 warning=0 ok=1 first_expiry=259200s"));
  CHECK(std::count(text.begin(), text.end(), '|') == 1);
  CHECK(text.find('\x1b') == text.npos);
}

TEST_CASE("Prometheus gets each metric once, with its type") {
  Overview overview = example();
  overview.rows[0].name = "a\"b\\c";
  const std::string text = prometheus_text(overview);
  CHECK(text.find("certo_certificate_level{certificate=\"a\\\"b\\\\c\"} 2\n") != text.npos);
  CHECK(text.find("certo_certificate_not_after_timestamp_seconds{certificate=\"good\"}") != text.npos);
  CHECK(text.find("certo_endpoint_level{certificate=\"\",endpoint=\"www.example.net:443\"} 2\n") !=
        text.npos);
  CHECK(text.find("# TYPE certo_certificates gauge\ncerto_certificates 2\n") != text.npos);
  CHECK(text.find("# TYPE certo_certificate_level gauge") ==
        text.rfind("# TYPE certo_certificate_level gauge"));
}

TEST_CASE("only a certificate with targets says whether it is installed") {
  Overview overview = example();
  overview.rows[0].name = "none";
  overview.rows[1].files = {{.path = "/a", .part = "key", .state = FileState::current}};
  const auto sample = [&](const std::string& name) {
    const std::string text = prometheus_text(overview);
    const std::string start = "certo_certificate_installed{certificate=\"" + name + "\"} ";
    const size_t at = text.find(start);
    return at == text.npos ? std::string("-") : text.substr(at + start.size(), 1);
  };
  CHECK(sample("none") == "-");
  CHECK(sample(overview.rows[1].name) == "1");
  overview.rows[1].files[0].state = FileState::differs;
  CHECK(sample(overview.rows[1].name) == "0");
  overview.rows[0].installation = "not installed yet";
  CHECK(sample("none") == "0");
}

TEST_CASE("JSON has the findings with their words") {
  const Json json = to_json(example());
  const std::string text = to_json(json);
  CHECK(text.find(R"("certo":"overview/1")") != text.npos);
  CHECK(text.find(R"({"kind":"wrong-name","level":"crit","what":)") != text.npos);
  CHECK(text.find(R"("name":"good","level":"ok")") != text.npos);
}

TEST_CASE("no line on a terminal is wider than it is, and a bar shows what is left") {
  Overview overview = example();
  overview.rows[0].findings.push_back(
      {Kind::failing, Level::warn, std::string(300, 'w') + " " + std::string(40, 'v'), "do"});
  for (const size_t width : {60, 80, 120}) {
    CAPTURE(width);
    const std::string text = commands::status_text(overview, width, false);
    for (const std::string& line : split(text, '\n'))
      if (line.find("www") == line.npos) CHECK(console::width(line) <= width);
    CHECK(text.find("crit   █·········") != text.npos);
  }
  CHECK(commands::status_text(overview, 40, false).find("█") == std::string::npos);
  CHECK(commands::status_text(overview, 0, false).find("█") == std::string::npos);
  CHECK(commands::status_text(overview, 80, true).find("\x1b[31mcrit") != std::string::npos);
}

TEST_CASE("an empty store is said, too") {
  Overview const overview{.now = test_time};
  CHECK(commands::status_text(overview, 0, false) == "0 certificates\n");
}
