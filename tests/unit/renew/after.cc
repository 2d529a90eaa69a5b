// Installations and hooks that failed: when the schedule tries them again, and what it reports.
#include "renew/after.h"

#include <doctest/doctest.h>

#include "fixtures/store_shelf.h"
#include "install/hooks.h"

using namespace certo;
using namespace certo::test;
using install::Trouble;
using renew::is_too_early;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("after a failure the schedule waits, longer each time, up to a day") {
  const auto waits = [](int failures, Seconds since) {
    return is_too_early(Trouble{failures, test_time, "no"}, test_time + since);
  };
  CHECK_FALSE(is_too_early({}, test_time));
  CHECK(waits(1, minutes(49)));
  CHECK_FALSE(waits(1, minutes(50)));
  CHECK(waits(2, hours(3)));
  CHECK_FALSE(waits(2, hours(4)));
  CHECK(waits(3, hours(23)));
  CHECK_FALSE(waits(3, hours(24)));
  CHECK(waits(30, hours(23)));
  CHECK_FALSE(waits(30, hours(24)));
  CHECK_FALSE(waits(3, -hours(1)));  // the clock was wrong then
}

TEST_CASE("the schedule reports a failure that a person has seen, until it has reported it itself") {
  const Shelf shelf;
  store::Request request;
  request.identifiers = crypto::identifiers({"example.com"});
  request.directory = "https://ca.example/directory";
  request.ways.usual = store::Standalone{};
  shelf.entry.save(request);
  shelf.finish(make_pair());
  install::WantedHooks wanted;
  wanted.commands[static_cast<size_t>(install::HookKind::deploy)] = {"false"};
  install::store_hooks(shelf.home, shelf.entry, wanted);
  CHECK_FALSE(install::finish_hooks(shelf.entry, shelf.home, {}).failures.empty());  // a person's command

  const Time failed_at = install::trouble_of_hooks(shelf.entry)->at;
  std::string asked;
  bool answer = false;
  const auto is_known_after = [&](Seconds since) {
    const Time time = failed_at + since;
    renew::PassSettings settings;
    settings.is_scheduled = true;
    settings.clock = [time] { return time; };
    settings.was_reported = [&](const std::string& failure) {
      asked = failure;
      return answer;
    };
    renew::PassResult result{.name = shelf.entry.name(), .outcome = renew::Outcome::not_due};
    renew::finish_hooks(shelf.home, result, settings);
    REQUIRE(result.hooks);
    CHECK(result.hooks->code() == Exit::not_installed);
    return result.hooks->is_known;
  };
  CHECK_FALSE(is_known_after(minutes(10)));  // too early for another try, but nobody has read of it
  CHECK(asked.starts_with("example.com: deploy hook false: "));
  answer = true;
  CHECK(is_known_after(minutes(20)));
  CHECK(is_known_after(hours(2)));  // after another try
}

TEST_CASE("what a failed deploy hook leaves behind is forgotten with its success") {
  const Shelf shelf;
  store::Request request;
  request.identifiers = crypto::identifiers({"example.com"});
  request.directory = "https://ca.example/directory";
  request.ways.usual = store::Standalone{};
  shelf.entry.save(request);
  shelf.finish(make_pair());
  const std::string flag = shelf.temporary / "works";
  install::WantedHooks wanted;
  wanted.commands[static_cast<size_t>(install::HookKind::deploy)] = {"test -e " + flag};
  install::store_hooks(shelf.home, shelf.entry, wanted);

  install::finish_hooks(shelf.entry, shelf.home, {});
  install::finish_hooks(shelf.entry, shelf.home, {});
  const auto trouble = install::trouble_of_hooks(shelf.entry);
  REQUIRE(trouble);
  CHECK(trouble->failures == 2);
  CHECK(trouble->error.find("deploy hook") != std::string::npos);

  os::write_file(flag, "", 0600);
  install::finish_hooks(shelf.entry, shelf.home, {});
  CHECK_FALSE(install::trouble_of_hooks(shelf.entry));
  CHECK_FALSE(install::hooks_pending(shelf.entry));
}

TEST_CASE("an added hook is for the next version, and it can be removed") {
  const Shelf shelf;
  shelf.finish(make_pair());
  install::WantedHooks wanted;
  wanted.commands[static_cast<size_t>(install::HookKind::deploy)] = {"true", "true", "exit 1"};
  install::add_hooks(shelf.entry, wanted);
  install::add_hooks(shelf.entry, wanted);
  CHECK(install::stored_hooks(shelf.entry)->of(install::HookKind::deploy) ==
        std::vector<std::string>{"true", "exit 1"});
  CHECK_FALSE(install::hooks_pending(shelf.entry));
  CHECK(install::remove_hook(shelf.entry, install::HookKind::pre, "true") == 0);
  CHECK(install::remove_hook(shelf.entry, {}, "exit 1") == 1);
  CHECK(install::stored_hooks(shelf.entry)->of(install::HookKind::deploy) ==
        std::vector<std::string>{"true"});
}
