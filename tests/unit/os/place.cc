#include "os/place.h"

#include <doctest/doctest.h>
#include <sys/xattr.h>

#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::test;

namespace {

os::Facts mine(mode_t mode) { return {.mode = mode, .owner = os::own_user(), .group = os::own_group()}; }

}  // namespace

TEST_CASE("a new file has exactly the requested mode, whatever the umask") {
  const TempDir dir;
  CHECK(in_child([&] {
          ::umask(0777);
          os::Place(dir.path).write_new("key.pem", "text", mine(0640));
          return 0;
        }) == 0);
  CHECK(mode_of(dir / "key.pem") == 0640);
  CHECK(os::read_file(dir / "key.pem") == "text");
}

TEST_CASE("a new file does not take the place of a planted link, nor is it written through it") {
  const TempDir dir;
  const os::Place place(dir.path);
  os::write_file(dir / "victim", "mine", 0600);
  place.link_new("planted", dir / "victim");
  CHECK(error_of([&] { place.write_new("planted", "secret", mine(0600)); }).code == Exit::cannot_write);
  CHECK(os::read_file(dir / "victim") == "mine");
  CHECK(place.facts("planted")->kind == os::Kind::link);
}

TEST_CASE("a kept file is restored unchanged, and leaves no second name") {
  const TempDir dir;
  const os::Place place(dir.path);
  place.write_new("file", "old", mine(0604));
  place.keep_as("file", "kept");
  SUBCASE("after it was replaced") {
    place.write_new("new", "new", mine(0600));
    place.rename("new", "file");
    CHECK(os::read_file(dir / "file") == "new");
    CHECK(os::read_file(dir / "kept") == "old");
  }
  SUBCASE("and when it was not: both names are one file then") {}
  place.take_back("kept", "file");
  CHECK(os::read_file(dir / "file") == "old");
  CHECK(mode_of(dir / "file") == 0604);
  CHECK(place.list() == std::vector<std::string>{"file"});
}

TEST_CASE("a link is kept as a link") {
  const TempDir dir;
  const os::Place place(dir.path);
  place.link_new("link", "first");
  place.keep_as("link", "kept");
  os::switch_link(dir / "link", "second");
  place.take_back("kept", "link");
  CHECK(os::read_link(dir / "link") == "first");
}

TEST_CASE("a place is not reached through a link, and stays the folder that was opened") {
  const TempDir dir;
  os::make_folder(dir / "a/b", 0755);
  os::make_folder(dir / "elsewhere/b", 0755);
  const os::Place place(dir / "a/b");
  os::rename(dir / "a", dir / "moved");
  os::switch_link(dir / "a", dir / "elsewhere");
  place.write_new("file", "text", mine(0600));
  CHECK(os::list_folder(dir / "elsewhere/b").empty());
  CHECK(os::read_file(dir / "moved/b/file") == "text");
  try {
    os::Place again(dir / "a/b");
    FAIL("the link was followed");
  } catch (const os::LinkInPath& found) {
    CHECK(found.link == dir / "a");
    CHECK(found.destination == dir / "elsewhere");
  }
  CHECK_FALSE(os::Place::find(dir / "nowhere/b").has_value());
}

TEST_CASE("a tree is removed without following a link in it") {
  const TempDir dir;
  os::make_folder(dir / "set/inner", 0755);
  os::write_file(dir / "victim", "mine", 0600);
  os::switch_link(dir / "set/link", dir.path);
  const os::Place place(dir.path);
  place.remove_tree("set");
  place.remove_tree("set");
  CHECK(place.list() == std::vector<std::string>{"victim"});
}

TEST_CASE("two descriptors of one folder exclude each other, and one run may open it twice") {
  const TempDir dir;
  os::make_folder(dir / "srv", 0755);
  os::Places first, second;
  first.open(dir / "srv");
  first.open(dir / "srv/.");
  first.lock(Millis(0));
  second.open(dir / "srv");
  CHECK(error_of([&] { second.lock(Millis(1)); }).code == Exit::later);
}

TEST_CASE("users and groups are names or numbers") {
  CHECK(os::user_id("root") == 0);
  CHECK(os::group_id("root") == 0);
  CHECK(os::user_id("4321") == 4321);
  CHECK(error_of([] { os::user_id("no such user"); }).code == Exit::usage);
  CHECK(error_of([] { os::group_id("-1"); }).code == Exit::usage);
}

TEST_CASE("a file that replaces another one has its access list, and not the one of the folder") {
  const TempDir dir;
  // Version 2: the owner, the user 1234, the group, the mask and the others may read.
  constexpr unsigned char list[] = {2,    0,    0,    0,    1,  0, 4, 0, 0xff, 0xff, 0xff, 0xff, 2,  0, 4, 0,
                                    0xd2, 4,    0,    0,    4,  0, 4, 0, 0xff, 0xff, 0xff, 0xff, 16, 0, 4, 0,
                                    0xff, 0xff, 0xff, 0xff, 32, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
  os::write_file(dir / "plain", "x", 0640);
  os::write_file(dir / "listed", "x", 0640);
  if (::setxattr((dir / "listed").c_str(), "system.posix_acl_access", list, sizeof list, 0) != 0 ||
      ::setxattr(dir.path.c_str(), "system.posix_acl_default", list, sizeof list, 0) != 0) {
    MESSAGE("this file system has no access lists");
    return;
  }
  const os::Place place(dir.path);
  const auto length = [&](const std::string& name) {
    return ::getxattr((dir / name).c_str(), "system.posix_acl_access", nullptr, 0);
  };
  for (const char* name : {"plain", "listed"}) {
    const std::string copy = std::string(name) + ".new";
    place.write_new(copy, "y", *place.facts(name));
    CHECK(length(copy) > 0);
    place.copy_attributes(name, copy);
    CHECK(place.facts(copy)->mode == place.facts(name)->mode);
  }
  CHECK(length("plain.new") == -1);
  CHECK(length("listed.new") == static_cast<ssize_t>(sizeof list));
}
