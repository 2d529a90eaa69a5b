#include "os/cage.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>
#include <thread>

#include "fixtures/support.h"
#include "os/fd.h"
#include "os/file.h"

using namespace certo;
using namespace certo::test;

namespace {

bool opens(const std::string& path, int flags) {
  return bool(os::Fd(::open(path.c_str(), flags | O_CLOEXEC, 0600)));
}

bool has_landlock() { return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) > 0; }

/// Does `act` locked in, with nothing readable besides what always is. 0: it could not.
template <typename Act>
int locked_in(Act act, const std::vector<std::string>& readable = {}) {
  return in_child([&] {
    os::enter_cage(readable);
    return act() ? 1 : 0;
  });
}

}  // namespace

TEST_CASE("in the cage the account key cannot be read, and no file can be written") {
  if (!has_landlock()) {
    MESSAGE("this kernel has no Landlock");
    return;
  }
  const TempDir home;
  const std::string key = home / "account.key";
  os::write_file(key, "secret", 0600);
  CHECK(locked_in([&] { return opens(key, O_RDONLY); }) == 0);
  CHECK(locked_in([&] { return opens(key, O_WRONLY); }) == 0);
  CHECK(locked_in([&] { return opens(home / "new", O_WRONLY | O_CREAT); }) == 0);
  CHECK(locked_in([&] { return ::mkdir((home / "new").c_str(), 0700) == 0; }) == 0);
  CHECK(locked_in([&] { return ::rename(key.c_str(), (home / "new").c_str()) == 0; }) == 0);
  CHECK(locked_in([&] { return ::truncate(key.c_str(), 0) == 0; }) == 0);
  CHECK(locked_in([&] { return ::unlink(key.c_str()) == 0; }) == 0);
  CHECK(locked_in([&] { return opens(key, O_RDONLY | O_TRUNC); }, {key}) == 0);
  CHECK(os::read_file(key) == "secret");
  CHECK(locked_in([&] { return opens(key, O_RDONLY); }, {key}) == 1);
  CHECK(locked_in([] { return opens("/etc/hosts", O_RDONLY); }) == (os::exists("/etc/hosts") ? 1 : 0));
  CHECK(locked_in([] { return opens("/dev/null", O_WRONLY); }) == 1);
}

TEST_CASE("in the cage no core is dumped and nothing can be gained") {
  CHECK(locked_in([] {
          rlimit limit{1, 1};
          return ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0 &&
                 ::prctl(PR_GET_DUMPABLE) == 0 && ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
        }) == 1);
}

TEST_CASE("in the cage memory is limited, and so are the files in memory") {
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(locked_in([] {
          return ::mmap(nullptr, 300UL << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
        }) == 0);
#endif
  CHECK(locked_in([] { return ::memfd_create("x", 0) >= 0; }) == 0);
}

TEST_CASE("in the cage a new libc finds old calls only, and threads work") {
  CHECK(locked_in([] { return ::syscall(435 /* clone3 */, nullptr, 0) < 0 && errno == ENOSYS; }) == 1);
  CHECK(locked_in([] { return ::syscall(9999) < 0 && errno == ENOSYS; }) == 1);
  CHECK(locked_in([] {
          int sum = 0;
          for (int i = 0; i < 40; ++i) std::thread([&] { ++sum; }).join();
          return sum == 40;
        }) == 1);
}

TEST_CASE("in the cage other processes are out of reach") {
  CHECK(locked_in([] { return ::ptrace(PTRACE_TRACEME) == 0; }) == 0);
  CHECK(locked_in([] { return ::kill(::getppid(), 0) == 0; }) == 0);
  CHECK(locked_in([] {
          char* const argv[] = {nullptr};
          return ::execve("/bin/true", argv, argv) == 0 || errno != EPERM;
        }) == 0);
  CHECK(locked_in([] { return ::syscall(SYS_keyctl, 0, -3, 0) >= 0 || errno != EPERM; }) == 0);
  CHECK(locked_in([] { return bool(os::Fd(::socket(AF_UNIX, SOCK_STREAM, 0))); }) == 0);
  CHECK(locked_in([] { return bool(os::Fd(::socket(AF_INET, SOCK_STREAM, 0))); }) == 1);
}
