#include "os/cage.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "os/cage_calls.h"
#include "os/failure.h"
#include "os/fd.h"

namespace certo::os {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

[[noreturn]] void fail_to_lock() { fail("cage", "a provider cannot be locked in", errno, Exit::failed); }

// ---- limits ----

struct Limit {
  decltype(RLIMIT_AS) resource;
  rlim_t most;
};

constexpr Limit limits[] = {
    {RLIMIT_CORE, 0},      //
    {RLIMIT_FSIZE, 0},     // of files in memory too
    {RLIMIT_NOFILE, 256},  //
    {RLIMIT_MEMLOCK, 0},   //
    {RLIMIT_MSGQUEUE, 0},
};
constexpr Limit memory = {RLIMIT_AS, 256UL << 20};

void lower(const Limit& limit) {
  rlimit now{};
  if (::getrlimit(limit.resource, &now) != 0) fail_to_lock();
  const rlim_t most = std::min(limit.most, now.rlim_max);
  const rlimit wanted{std::min(most, now.rlim_cur), most};
  if (::setrlimit(limit.resource, &wanted) != 0) fail_to_lock();
}

void limit_resources() {
  for (const Limit& limit : limits) lower(limit);
  if (is_sanitized) return;
#ifdef M_ARENA_MAX
  // glibc reserves 64 MiB of address space for each thread that allocates memory.
  ::mallopt(M_ARENA_MAX, 1);
#endif
  lower(memory);
}

// ---- capabilities ----

void drop_capabilities() {
  // EPERM: only root can do this. The bounding set matters when a program is executed, which the cage
  // forbids.
  for (unsigned long one = 0; one < 64; ++one)
    if (::prctl(PR_CAPBSET_DROP, one, 0, 0, 0) != 0 && errno != EINVAL && errno != EPERM) fail_to_lock();
  // EINVAL: a kernel before 4.3, which has no ambient set.
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) fail_to_lock();
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  if (::syscall(SYS_capset, &header, none) != 0) fail_to_lock();
}

// ---- Landlock, by system calls: neither glibc nor a header of Debian 12 has the newer rights ----

constexpr uint64_t read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t refer = 1ULL << 13, truncate = 1ULL << 14, device_control = 1ULL << 15;
constexpr uint64_t abstract_sockets = 1 << 0, signals = 1 << 1;

/// The rights that a rule set restricts since version 6. Older versions take the first member only, or the
/// first two.
struct Handled {
  uint64_t files;
  uint64_t network;
  uint64_t scopes;
};

// The system's libraries, random numbers, and what name resolution reads.
// clang-format off
constexpr const char* readable_paths[] = {
    "/usr", "/lib", "/lib32", "/lib64", "/dev/random", "/dev/urandom", "/etc/ld.so.cache", "/etc/hosts",
    "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols"};
// clang-format on

long landlock_version() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/// All that this version of Landlock can restrict, except the network, which seccomp restricts.
Handled all_rights(long version) {
  Handled handled{(LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1, 0, 0};
  if (version >= 2) handled.files |= refer;
  if (version >= 3) handled.files |= truncate;
  if (version >= 5) handled.files |= device_control;
  if (version >= 6) handled.scopes = abstract_sockets | signals;
  return handled;
}

/// A path that does not exist needs no rule.
void allow(const Fd& rules, const std::string& path, uint64_t rights) {
  const Fd fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat facts {};
  if (!fd || ::fstat(fd.get(), &facts) != 0) return;
  if (!S_ISDIR(facts.st_mode)) rights &= ~static_cast<uint64_t>(LANDLOCK_ACCESS_FS_READ_DIR);
  const landlock_path_beneath_attr rule{.allowed_access = rights, .parent_fd = fd.get()};
  if (::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    fail_to_lock();
}

void restrict_files(const std::vector<std::string>& readable) {
  const long version = landlock_version();
  if (version < 1) return;
  const Handled handled = all_rights(version);
  const size_t known = version >= 6 ? sizeof handled : sizeof handled.files;
  const Fd rules(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, known, 0)));
  if (!rules) fail_to_lock();
  for (const char* path : readable_paths) allow(rules, path, read);
  for (const std::string& path : readable) allow(rules, path, read);
  allow(rules, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
  if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) fail_to_lock();
}

// ---- system calls ----

/// The kernels of some routers are built without.
bool has_seccomp() {
  // A kernel that has it looks for a filter at the address 0 first.
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, nullptr) != 0 && errno == EFAULT;
}

void restrict_system_calls() {
  if (!has_seccomp()) return;
  std::vector<sock_filter> program = system_call_filter(::getpid());
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) fail_to_lock();
}

}  // namespace

void enter_cage(const std::vector<std::string>& readable) {
  limit_resources();
  // No core dump, and no debugger of the same user. exec has reset the flag.
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) fail_to_lock();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail_to_lock();
  restrict_files(readable);
  drop_capabilities();
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail_to_lock();
  restrict_system_calls();
}

std::vector<std::string> missing_protections() {
  std::vector<std::string> missing;
  if (landlock_version() < 1) missing.emplace_back("Landlock");
  if (!has_seccomp()) missing.emplace_back("seccomp");
  return missing;
}

}  // namespace certo::os
