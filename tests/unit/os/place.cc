#include "os/place.h"

#include <doctest/doctest.h>

#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::test;

namespace {

os::Facts mine(mode_t mode) { return {.mode = mode, .owner = os::own_user(), .group = os::own_group()}; }

}  // namespace

TEST_CASE("a new file has exactly the mode that was asked for, whatever the umask") {
  const TempDir dir;
  const std::string path = dir / "key.pem";
  CHECK(in_child([&] {
          ::umask(0777);
          os::write_new(path, "text", mine(0640));
          return 0;
        }) == 0);
  CHECK(mode_of(path) == 0640);
  CHECK(os::read_file(path) == "text");
}

TEST_CASE("a new file takes the place of a planted link and does not write through it") {
  const TempDir dir;
  os::write_file(dir / "victim", "mine", 0600);
  os::link_new(dir / "planted", dir / "victim");
  os::write_new(dir / "planted", "secret", mine(0600));
  CHECK(os::read_file(dir / "victim") == "mine");
  CHECK(os::facts(dir / "planted")->kind == os::Kind::file);
}

TEST_CASE("what was kept comes back as it was, and leaves no second name") {
  const TempDir dir;
  os::write_new(dir / "file", "old", mine(0604));
  os::keep_as(dir / "file", dir / "kept");
  SUBCASE("after it was replaced") {
    os::write_new(dir / "new", "new", mine(0600));
    os::rename(dir / "new", dir / "file");
    CHECK(os::read_file(dir / "file") == "new");
    CHECK(os::read_file(dir / "kept") == "old");
  }
  SUBCASE("and when it was not: both names are one file then") {}
  os::take_back(dir / "kept", dir / "file");
  CHECK(os::read_file(dir / "file") == "old");
  CHECK(mode_of(dir / "file") == 0604);
  CHECK(os::list_folder(dir.path) == std::vector<std::string>{"file"});
}

TEST_CASE("a link is kept as a link") {
  const TempDir dir;
  os::link_new(dir / "link", "first");
  os::keep_as(dir / "link", dir / "kept");
  os::link_new(dir / "link", "second");
  os::take_back(dir / "kept", dir / "link");
  CHECK(os::read_link(dir / "link") == "first");
}

TEST_CASE("users and groups are names or numbers") {
  CHECK(os::user_id("root") == 0);
  CHECK(os::group_id("root") == 0);
  CHECK(os::user_id("4321") == 4321);
  CHECK(error_of([] { os::user_id("no such user"); }).code == Exit::usage);
  CHECK(error_of([] { os::group_id("-1"); }).code == Exit::usage);
}
