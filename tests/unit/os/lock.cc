#include "os/lock.h"

#include <fcntl.h>

#include "fixtures/support.h"
#include "os/file.h"

using namespace certo;
using namespace certo::os;
using namespace certo::test;

TEST_CASE("a lock that is held is reported with the holder's process id") {
  const TempDir dir;
  const Lock held(dir / "lock", Millis(0));
  const Error error = error_of([&] { Lock(dir / "lock", Millis(0)); });
  CHECK(error.code == Exit::later);
  CHECK(error.message == dir / "lock" + ": locked by process " + std::to_string(::getpid()));
  CHECK_FALSE(Lock::try_take(dir / "lock"));
}

TEST_CASE("a lock ends with its owner, but the file stays") {
  const TempDir dir;
  { const Lock held(dir / "lock", Millis(0)); }
  CHECK(exists(dir / "lock"));
  CHECK(mode_of(dir / "lock") == 0600);
  CHECK(Lock::try_take(dir / "lock"));
}

TEST_CASE("a process that dies leaves no lock") {
  const TempDir dir;
  CHECK(in_child([&] {
          const Lock held(dir / "lock", Millis(0));
          ::_exit(7);
          return 0;
        }) == 7);
  CHECK(Lock::try_take(dir / "lock"));
}

TEST_CASE("a waiting process gets the lock once it is free") {
  const TempDir dir;
  std::optional<Lock> held(std::in_place, dir / "lock", Millis(0));
  const pid_t pid = ::fork();
  if (pid == 0) {
    held.reset();
    const Lock waited(dir / "lock", Seconds(20));
    ::_exit(5);
  }
  held.reset();
  int status = 0;
  ::waitpid(pid, &status, 0);
  CHECK(WEXITSTATUS(status) == 5);
}

TEST_CASE("a lock whose file was removed does not count") {
  const TempDir dir;
  const Lock orphan(dir / "lock", Millis(0));
  remove_file(dir / "lock");
  CHECK(Lock::try_take(dir / "lock"));
}

TEST_CASE("a lock in a missing folder is an error, not a wait") {
  const TempDir dir;
  CHECK(error_of([&] { Lock(dir / "gone/lock", Seconds(60)); }).code == Exit::cannot_write);
}

TEST_CASE("a lock of fcntl, as other programs take it, is seen and not taken") {
  const TempDir dir;
  const std::string path = dir / "their lock";
  CHECK_FALSE(is_locked_elsewhere(path));
  write_file(path, "", 0600);
  CHECK_FALSE(is_locked_elsewhere(path));
  const Fd theirs(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  struct flock all {};
  all.l_type = F_WRLCK;
  REQUIRE(::fcntl(theirs.get(), F_OFD_SETLK, &all) == 0);  // of the open file, so it counts as another's
  CHECK(is_locked_elsewhere(path));
  all.l_type = F_UNLCK;
  REQUIRE(::fcntl(theirs.get(), F_OFD_SETLK, &all) == 0);
  CHECK_FALSE(is_locked_elsewhere(path));
}
