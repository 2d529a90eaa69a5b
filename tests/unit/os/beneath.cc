#include <fcntl.h>
#include <sys/syscall.h>

#include <atomic>
#include <cerrno>
#include <thread>
#include <vector>

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

namespace {

/// root/out leads to `outside`; both get owners.
struct Linked {
  TempDir dir;
  Linked(uid_t link_owner, uid_t folder_owner) {
    make_folder(dir / "outside", 0755);
    make_folder(dir / "root", 0755);
    REQUIRE(::symlink("../outside", (dir / "root/out").c_str()) == 0);
    REQUIRE(::lchown((dir / "root/out").c_str(), link_owner, link_owner) == 0);
    REQUIRE(::chown((dir / "outside").c_str(), folder_owner, folder_owner) == 0);
  }
};

}  // namespace

TEST_CASE(
    "a link of this user in the place of a folder is followed, when a file is made and when it is removed") {
  const Linked place(::geteuid(), ::geteuid());
  Beneath beneath(place.dir / "root");
  const uint64_t inode = beneath.create("out/new/token", "x", 0644);
  CHECK(read_file(place.dir / "outside/new/token") == "x");
  beneath.remove("out/new/token", inode);
  beneath.remove_folder_if_empty("out/new");
  CHECK(list_folder(place.dir / "outside").empty());
  beneath.remove_folder_if_empty("out");
  CHECK(exists(place.dir / "outside"));
  CHECK(error_of([&] { beneath.create("out", "x", 0644); }).code == Exit::cannot_write);
}

TEST_CASE("a link that leads nowhere, or to a file, is an error") {
  const TempDir dir;
  make_folder(dir / "root", 0755);
  write_file(dir / "file", "untouched", 0644);
  REQUIRE(::symlink("../gone", (dir / "root/dangling").c_str()) == 0);
  REQUIRE(::symlink("../file", (dir / "root/file").c_str()) == 0);
  CHECK(refusal(dir / "root", "dangling/token") == Exit::cannot_write);
  CHECK(refusal(dir / "root", "file/token") == Exit::cannot_write);
  CHECK_FALSE(exists(dir / "gone"));
}

TEST_CASE("root follows another user's link only to a folder of that user" *
          doctest::skip(::geteuid() != 0)) {
  constexpr uid_t alice = 12345, bob = 12346;
  const Linked own(alice, alice);
  Beneath(own.dir / "root").create("out/token", "x", 0644);
  CHECK(exists(own.dir / "outside/token"));
  for (const uid_t other : {uid_t{0}, bob}) {
    const Linked place(alice, other);
    CHECK(refusal(place.dir / "root", "out/token") == Exit::not_permitted);
    CHECK(refusal(place.dir / "root", "out/new/token") == Exit::not_permitted);
    CHECK(list_folder(place.dir / "outside").empty());
  }
  const Linked by_root(0, bob);
  Beneath(by_root.dir / "root").create("out/token", "x", 0644);
  CHECK(exists(by_root.dir / "outside/token"));
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

TEST_CASE("without openat2 tokens are written all the same" * doctest::skip(::geteuid() != 0)) {
  const Linked place(12345, 0);
  make_folder(place.dir / "root/there", 0755);
  for (int error : {ENOSYS, EPERM}) {
    CHECK(in_child([&] {
            if (!refuse_system_call(SYS_openat2, error)) return 1;
            if (refusal(place.dir / "root", "out/token") != Exit::not_permitted) return 2;
            Beneath beneath(place.dir / "root");
            for (const char* name : {"token", "there/token", "new/er/token"}) {
              const uint64_t inode = beneath.create(name, "x", 0644);
              if (!exists(place.dir / "root" + "/" + name)) return 3;
              beneath.remove(name, inode);
              if (exists(place.dir / "root" + "/" + name)) return 4;
            }
            return 0;
          }) == 0);
  }
  CHECK(list_folder(place.dir / "outside").empty());
}

TEST_CASE("runs that share a folder do not lose it while one of them removes it") {
  const TempDir dir;
  const auto work = [&](const std::string& name) {
    for (int i = 0; i < 300; ++i) {
      os::Beneath beneath(dir.path);
      beneath.remove("a/b/" + name, beneath.create("a/b/" + name, "token", 0644));
      beneath.remove_folder_if_empty("a/b");
      beneath.remove_folder_if_empty("a");
    }
  };
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (const char* name : {"1", "2", "3"})
      threads.emplace_back([&, name] {
        try {
          work(name);
        } catch (const Error&) {
          ++failures;
        }
      });
  }
  CHECK(failures == 0);
}
