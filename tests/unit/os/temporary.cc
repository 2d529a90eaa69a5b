#include "os/temporary.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>
#include <vector>

#include "fixtures/sandbox.h"
#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

namespace {

using Names = std::vector<std::string>;

constexpr const char* left = ".a.tmp-0123456789ab";

void make(const std::string& path) {
  CHECK(bool(Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600))));
}

}  // namespace

TEST_CASE("the temporary file of an interrupted write is removed, and nothing else") {
  const TempDir dir;
  const Names others = {".a",   ".a.tmp-01", ".a.tmp-0123456789AB", ".a.tmp-0123456789abc",
                        ".tmp", "a",         "a.tmp-0123456789ab"};
  for (const std::string& name : others) make(dir / name);
  make_folder(dir / ".b.tmp-0123456789ab", 0700);
  make(dir / left);
  make(dir / ".long.name.tmp-ffffffffffff");
  sweep_temporaries(dir.path);
  Names expected = others;
  expected.insert(expected.begin() + 4, ".b.tmp-0123456789ab");
  CHECK(list_folder(dir.path) == expected);
  sweep_temporaries(dir / "gone");
  sweep_temporaries(dir / "a");
}

TEST_CASE("the next write in a folder, and the next probe, remove leftovers") {
  const TempDir dir;
  make(dir / left);
  write_file(dir / "b", "", 0600);
  CHECK(list_folder(dir.path) == Names{"b"});
  make(dir / ".probe.tmp-0123456789ab");
  probe_writable(dir.path);
  CHECK(list_folder(dir.path) == Names{"b"});
}

TEST_CASE("the temporary file of a living run stays, and that of a killed run is removed") {
  const TempDir dir;
  int ready[2], end[2];
  REQUIRE((::pipe(ready) == 0 && ::pipe(end) == 0));
  const pid_t writer = ::fork();
  if (writer == 0) {
    Temporary file(dir / "a");
    file.write("half", 0600);
    char byte = 0;
    [[maybe_unused]] ssize_t done = ::write(ready[1], &byte, 1);
    done = ::read(end[0], &byte, 1);
    ::_exit(0);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  REQUIRE(list_folder(dir.path).size() == 1);
  sweep_temporaries(dir.path);
  sweep_temporaries(dir.path, Writers::none);
  CHECK(list_folder(dir.path).size() == 1);
  ::kill(writer, SIGKILL);
  ::waitpid(writer, nullptr, 0);
  sweep_temporaries(dir.path);
  CHECK(list_folder(dir.path).empty());
  for (const int fd : {ready[0], ready[1], end[0], end[1]}) ::close(fd);
}

TEST_CASE("writers of one file and sweeps of its folder do not disturb each other") {
  const TempDir dir;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      try {
        for (int n = 0; n < 40; ++n) {
          if (i == 0) sweep_temporaries(dir.path);
          write_file(dir / "file", "content", 0600);
        }
      } catch (const Error&) {
        ++failures;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(failures == 0);
  CHECK(list_folder(dir.path) == Names{"file"});
  CHECK(read_file(dir / "file") == "content");
}

TEST_CASE("a link is left over if it is old, or if nobody else writes in the folder") {
  const TempDir dir;
  const std::string link = dir / left;
  REQUIRE(::symlink("nowhere", link.c_str()) == 0);
  sweep_temporaries(dir.path);
  CHECK(exists(link));
  sweep_temporaries(dir.path, Writers::none);
  CHECK_FALSE(exists(link));
  REQUIRE(::symlink("nowhere", link.c_str()) == 0);
  const timespec long_ago[2] = {{1, 0}, {1, 0}};
  REQUIRE(::utimensat(AT_FDCWD, link.c_str(), long_ago, AT_SYMLINK_NOFOLLOW) == 0);
  sweep_temporaries(dir.path);
  CHECK_FALSE(exists(link));
}

TEST_CASE("on a file system without locks only old files count as leftovers") {
  const TempDir dir;
  make(dir / left);
  make(dir / ".b.tmp-0123456789ab");
  const timespec long_ago[2] = {{1, 0}, {1, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (dir / left).c_str(), long_ago, 0) == 0);
  CHECK(in_child([&] {
          if (!refuse_system_call(SYS_flock, ENOLCK)) return 1;
          write_file(dir / "c", "", 0600);
          return list_folder(dir.path) == Names{".b.tmp-0123456789ab", "c"} ? 0 : 2;
        }) == 0);
}

TEST_CASE("another user's file is not swept" * doctest::skip(::geteuid() != 0)) {
  const TempDir dir;
  make(dir / left);
  REQUIRE(::chown((dir / left).c_str(), 12345, 12345) == 0);
  sweep_temporaries(dir.path, Writers::none);
  CHECK(exists(dir / left));
}

TEST_CASE("a temporary folder is removed with its content, and the next one removes that of a killed run") {
  const TempDir dir;
  CHECK(in_child([&] {
          ::setenv("TMPDIR", dir.path.c_str(), 1);
          {
            const TemporaryFolder folder;
            write_file(folder.path() + "/key", "secret", 0600);
          }
          if (!list_folder(dir.path).empty()) return 1;
          make_folder(dir / "certo-0123456789abcdef/sub", 0700);
          make_folder(dir / "certo-other", 0700);
          const TemporaryFolder first, second;
          return list_folder(dir.path).size() == 3 && exists(first.path()) && exists(dir / "certo-other") ? 0
                                                                                                          : 2;
        }) == 0);
}
