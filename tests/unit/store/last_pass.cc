#include "store/last_pass.h"

#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::store;
using namespace certo::test;

TEST_CASE("the last pass is read back") {
  const TempDir dir;
  const Home home(dir.path);
  CHECK_FALSE(last_pass(home));
  const Time start = *from_rfc3339("2026-11-30T00:17:03Z");
  save(home, {.started = start, .ended = start + Seconds(2), .code = 4, .summary = "1 failed\n\x1b[2J"});
  const auto pass = last_pass(home);
  REQUIRE(pass);
  CHECK(pass->started == start);
  CHECK(pass->ended == start + Seconds(2));
  CHECK(pass->code == 4);
  CHECK(pass->summary == "1 failed\\x0a\\x1b[2J");
  CHECK(mode_of(dir / "last-pass.json") == 0600);
}

TEST_CASE("a damaged note is none, and a state folder is not made for it") {
  const TempDir dir;
  os::write_file(dir / "last-pass.json", "{\"certo\":\"last-pass/1\",\"code\":\"x\"}", 0600);
  CHECK_FALSE(last_pass(Home(dir.path)));
  save(Home(dir / "none"), {});
  CHECK_FALSE(os::exists(dir / "none"));
}
