// The texts that systemd and cron read. tests/e2e/schedule.sh shows them to systemd itself.
#include "schedule/schedule.h"

#include <set>

#include "fixtures/support.h"

using namespace certo;
using namespace certo::schedule;

namespace {

Plan plan() {
  Plan plan;
  plan.program = "/usr/local/bin/certo";
  plan.minute = 7;
  return plan;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("a machine keeps its minute, and machines differ") {
  CHECK(stable_minute("0123456789abcdef0123456789abcdef\n", 0) ==
        stable_minute("0123456789abcdef0123456789abcdef", 0));
  std::set<int> minutes;
  for (unsigned user = 0; user < 1000; ++user) {
    const int minute = stable_minute("0123456789abcdef0123456789abcdef", user);
    CHECK(minute >= 0);
    CHECK(minute < 60);
    minutes.insert(minute);
  }
  CHECK(minutes.size() == 60);
}

TEST_CASE("the service quotes what systemd would expand") {
  Plan odd = plan();
  odd.home = "/srv/100% \"of\" $HOME\\state";
  CHECK(contains(service_unit(plan()), "\nExecStart=/usr/local/bin/certo cron\n"));
  CHECK(contains(service_unit(odd),
                 "\nExecStart=/usr/local/bin/certo cron --home \"/srv/100%% \\\"of\\\" $$HOME\\\\state\"\n"));
  CHECK(contains(timer_unit(plan()), "\nOnCalendar=*-*-* *:07:00\n"));
}

TEST_CASE("the service may not write to the folders of certo's programs") {
  CHECK(contains(service_unit(plan()), "\nReadOnlyPaths=-/usr/local/bin -/usr/local/libexec/certo\n"));
  Plan elsewhere = plan();
  elsewhere.program = "/srv/certo/certo";
  CHECK_FALSE(contains(service_unit(elsewhere), "ReadOnlyPaths"));
}

TEST_CASE("cron's line quotes for the shell and for cron") {
  Plan odd = plan();
  odd.home = "/srv/100% it's";
  CHECK(
      cron_line(plan()) ==
      "7 * * * * PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /usr/local/bin/certo cron");
  CHECK(
      cron_line(odd) ==
      "7 * * * * PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /usr/local/bin/certo cron --home '/srv/100\\% it'\\''s'");
}

TEST_CASE("a path that would become a line of its own is refused") {
  Plan odd = plan();
  odd.home = "/srv/a\n* * * * * root id";
  CHECK(test::error_of([&] { cron_file(odd); }).code == Exit::config);
  CHECK(test::error_of([&] { service_unit(odd); }).code == Exit::config);
}

TEST_CASE("other lines of a crontab stay as they are") {
  const std::string others = "MAILTO=me\n\n5 5 * * * backup # certo schedule of mine\n1 1 * * * last";
  const std::string with = with_line(others, plan());
  CHECK(with == others + "\n" + cron_line(plan()) + " # certo schedule\n");
  CHECK(with_line(with, plan()) == with);
  CHECK(has_line(with));
  CHECK_FALSE(has_line(others));
  CHECK(without_line(with) == others + "\n");
  CHECK(without_line(others) == others);
  CHECK(with_line("", plan()) == cron_line(plan()) + " # certo schedule\n");
  CHECK(without_line(with_line("", plan())).empty());
}

TEST_CASE("the minute is read back unless somebody changed the line") {
  CHECK(minute_in(with_line("1 1 * * * x\n", plan())) == 7);
  CHECK(minute_in(cron_file(plan())) == 7);
  CHECK(minute_in("@hourly certo cron # certo schedule\n") == -1);
  CHECK(minute_in("7 3 * * * certo cron # certo schedule\n") == -1);
  CHECK(minute_in("77 * * * * certo cron # certo schedule\n") == -1);
  CHECK(minute_in("") == -1);
}

TEST_CASE("the next run is when the clock shows the minute again") {
  const Time time = *from_rfc3339("2026-11-21T12:30:15Z");
  CHECK(rfc3339(next_run(57, 30, time)) == "2026-11-21T12:57:00Z");
  CHECK(rfc3339(next_run(7, 30, time)) == "2026-11-21T13:07:00Z");
  CHECK(rfc3339(next_run(30, 30, time)) == "2026-11-21T13:30:00Z");
  CHECK(rfc3339(next_run(31, 0, time)) == "2026-11-21T13:01:00Z");  // half an hour east
}

TEST_CASE("systemd's times are read") {
  CHECK(rfc3339(*systemd_time("Sat 2026-11-21 12:57:00 UTC\n")) == "2026-11-21T12:57:00Z");
  for (const char* odd : {"", "n/a", "Sat 2026-11-21 12:57:00 CET", "Sat 2026-11-21 UTC"}) {
    INFO(odd);
    CHECK_FALSE(systemd_time(odd));
  }
}

TEST_CASE("the plan is read back from what was written") {
  for (const char* home : {"", "/srv/state", "/srv/100% \"of\" $HOME\\state", "/srv/100% it's", "/a  b"}) {
    INFO(home);
    Plan odd = plan();
    odd.home = home;
    odd.program = "/opt/a b/certo";
    for (const auto& read : {plan_in_unit(service_unit(odd)), plan_in_crontab(cron_file(odd)),
                             plan_in_crontab(with_line("1 1 * * * /bin/x cron\n", odd))}) {
      REQUIRE(read);
      CHECK(read->program == odd.program);
      CHECK(read->home == odd.home);
    }
    CHECK(plan_in_crontab(cron_file(odd))->minute == 7);
    CHECK_FALSE(is_edited(cron_file(odd), true));
    CHECK_FALSE(is_edited(with_line("", odd), false));
  }
  CHECK_FALSE(plan_in_unit("[Service]\nExecStart=/bin/true\n"));
  CHECK_FALSE(plan_in_crontab("7 * * * * /bin/true # certo schedule\n"));
  CHECK_FALSE(plan_in_crontab("7 * * * * /usr/bin/certo cron\n"));
}

TEST_CASE("a line that somebody changed is noticed, and still says which state folder it is for") {
  const std::string line = with_line("", plan());
  for (const std::string& odd : {"#" + line, "# " + line, "7 3" + line.substr(3), "@hourly" + line.substr(9),
                                 line.substr(0, line.size() - 1) + " # certo schedule\n",
                                 std::string("7 * * * * /usr/local/bin/certo cron # certo schedule\n")}) {
    INFO(odd);
    CHECK(is_edited(odd, false));
    REQUIRE(plan_in_crontab(odd));
    CHECK(plan_in_crontab(odd)->program == "/usr/local/bin/certo");
  }
}

TEST_CASE("the machines of an image choose their minutes themselves") {
  Plan image = plan();
  image.for_many = true;
  CHECK(contains(timer_unit(image), "\nRandomizedDelaySec=1h\nFixedRandomDelay=yes\n"));
  CHECK(contains(timer_unit(plan()), "\nRandomizedDelaySec=5min\n"));
}
