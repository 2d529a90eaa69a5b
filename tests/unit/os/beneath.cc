#include <fcntl.h>
#include <sys/syscall.h>

#include <cerrno>

#include "fixtures/sandbox.h"
#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

namespace {

constexpr const char* token = ".well-known/acme-challenge/token";

uint64_t inode_of(const std::string& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 ? facts.st_ino : 0;
}

Exit refusal(const std::string& root, const std::string& name) {
  return error_of([&] { Beneath(root).create(name, "x", 0644); }).code;
}

}  // namespace

TEST_CASE("a token is readable for the web server, whatever the umask, and goes again") {
  const TempDir dir;
  CHECK(in_child([&] {
          ::umask(077);
          return Beneath(dir.path).create(token, "key authorization", 0644) == inode_of(dir / token) ? 0 : 1;
        }) == 0);
  CHECK(mode_of(dir / ".well-known") == 0755);
  CHECK(mode_of(dir / ".well-known/acme-challenge") == 0755);
  CHECK(mode_of(dir / token) == 0644);
  CHECK(read_file(dir / token) == "key authorization");

  Beneath beneath(dir.path);
  beneath.remove(token, inode_of(dir / token));
  CHECK_FALSE(exists(dir / token));
  beneath.remove_folder_if_empty(".well-known/acme-challenge");
  beneath.remove_folder_if_empty(".well-known");
  CHECK(list_folder(dir.path).empty());
}

TEST_CASE("names that lead elsewhere are refused before any change") {
  const TempDir dir;
  make_folder(dir / "root", 0755);
  for (const std::string& name :
       {std::string("../x"), std::string("a/../../x"), std::string("/x"), std::string(""), std::string("."),
        std::string("a//b"), std::string("a/"), std::string("x\0y", 3)}) {
    CAPTURE(name);
    CHECK(refusal(dir / "root", name) == Exit::bad_input);
  }
  CHECK(list_folder(dir / "root").empty());
  CHECK(list_folder(dir.path).size() == 1);
}

TEST_CASE("a planted symlink is neither followed nor replaced") {
  const TempDir dir;
  write_file(dir / "victim", "untouched", 0600);
  make_folder(dir / "root", 0755);
  REQUIRE(::symlink("../victim", (dir / "root/token").c_str()) == 0);
  REQUIRE(::symlink("../new", (dir / "root/dangling").c_str()) == 0);
  CHECK(refusal(dir / "root", "token") == Exit::cannot_write);
  CHECK(refusal(dir / "root", "dangling") == Exit::cannot_write);
  CHECK(read_file(dir / "victim") == "untouched");
  CHECK_FALSE(exists(dir / "new"));
}

TEST_CASE("a planted hard link and a planted FIFO are left as they are") {
  const TempDir dir;
  write_file(dir / "victim", "untouched", 0600);
  make_folder(dir / "root", 0755);
  REQUIRE(::link((dir / "victim").c_str(), (dir / "root/token").c_str()) == 0);
  REQUIRE(::mkfifo((dir / "root/fifo").c_str(), 0666) == 0);
  CHECK(refusal(dir / "root", "token") == Exit::cannot_write);
  CHECK(refusal(dir / "root", "fifo") == Exit::cannot_write);
  CHECK(read_file(dir / "victim") == "untouched");
  CHECK(mode_of(dir / "victim") == 0600);
}

TEST_CASE("a symlink in the place of a folder is not followed, not even one that stays inside") {
  const TempDir dir;
  make_folder(dir / "outside", 0755);
  make_folder(dir / "root/inside", 0755);
  REQUIRE(::symlink("../outside", (dir / "root/out").c_str()) == 0);
  REQUIRE(::symlink("inside", (dir / "root/in").c_str()) == 0);
  CHECK(refusal(dir / "root", "out/token") == Exit::cannot_write);
  CHECK(refusal(dir / "root", "out/new/token") == Exit::cannot_write);
  CHECK(refusal(dir / "root", "in/token") == Exit::cannot_write);
  CHECK(list_folder(dir / "outside").empty());
  CHECK(list_folder(dir / "root/inside").empty());
}

TEST_CASE("only the inode that we made is removed") {
  const TempDir dir;
  Beneath beneath(dir.path);
  const uint64_t ours = beneath.create("token", "x", 0644);
  REQUIRE(::rename((dir / "token").c_str(), (dir / "moved").c_str()) == 0);
  write_file(dir / "token", "another's", 0644);
  beneath.remove("token", ours);
  CHECK(read_file(dir / "token") == "another's");
  beneath.remove("gone", ours);
  beneath.remove("no/folder", ours);
}

TEST_CASE("a folder that is not empty stays") {
  const TempDir dir;
  Beneath beneath(dir.path);
  beneath.create("a/token", "x", 0644);
  beneath.remove_folder_if_empty("a");
  CHECK(exists(dir / "a/token"));
}

TEST_CASE("the root must be a folder") {
  const TempDir dir;
  write_file(dir / "file", "", 0600);
  CHECK(error_of([&] { Beneath(dir / "file"); }).code == Exit::bad_input);
  CHECK(error_of([&] { Beneath(dir / "gone"); }).code == Exit::bad_input);
}

TEST_CASE("without openat2 links are refused and tokens written all the same") {
  const TempDir dir;
  make_folder(dir / "outside", 0755);
  make_folder(dir / "root/there", 0755);
  REQUIRE(::symlink("../outside", (dir / "root/out").c_str()) == 0);
  for (int error : {ENOSYS, EPERM}) {
    CHECK(in_child([&] {
            if (!refuse_system_call(SYS_openat2, error)) return 1;
            if (refusal(dir / "root", "out/token") != Exit::cannot_write) return 2;
            if (refusal(dir / "root", "out/new/token") != Exit::cannot_write) return 3;
            Beneath beneath(dir / "root");
            for (const char* name : {"token", "there/token", "new/er/token"}) {
              const uint64_t inode = beneath.create(name, "x", 0644);
              if (!exists(dir / "root" + "/" + name)) return 4;
              beneath.remove(name, inode);
              if (exists(dir / "root" + "/" + name)) return 5;
            }
            return 0;
          }) == 0);
  }
  CHECK(list_folder(dir / "outside").empty());
}
