#include "os/cage.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "base/log.h"
#include "os/failure.h"
#include "os/fd.h"

namespace certo::os {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#elif defined(__i386__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_I386;
#elif defined(__arm__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_ARM;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr uint32_t kArchitecture = AUDIT_ARCH_RISCV64;
#else
#error "which AUDIT_ARCH_ of <linux/audit.h> is this?"
#endif

// What no DNS provider does, and what a way out of the cage begins with.
constexpr long kDenied[] = {
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
    SYS_kill,
    SYS_tkill,
    SYS_execve,
    SYS_execveat,
    SYS_unshare,
    SYS_setns,
    SYS_chroot,
    SYS_pivot_root,
    SYS_mount,
    SYS_umount2,
    SYS_swapon,
    SYS_swapoff,
    SYS_reboot,
    SYS_acct,
    SYS_kexec_load,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_open_by_handle_at,
    SYS_personality,
    SYS_syslog,
    SYS_quotactl,
    SYS_mknodat,
    SYS_truncate,
    SYS_openat2,
    SYS_io_uring_setup,
    SYS_pidfd_send_signal,
    SYS_pidfd_open,
    SYS_open_tree,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsmount,
    // Newer than some headers that this is compiled with; the number is the same everywhere.
    /* pidfd_getfd */ 438,
    /* mount_setattr */ 442,
    /* process_madvise */ 440,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_truncate64
    SYS_truncate64,
#endif
#ifdef SYS_iopl
    SYS_iopl,
    SYS_ioperm,
#endif
};

[[noreturn]] void fail_to_lock() { fail("cage", "a provider cannot be locked in", errno, Exit::failed); }

/// What opens files, and where its flags are.
constexpr struct {
  long call;
  size_t flags;
} kOpening[] = {
    {SYS_openat, 2},
#ifdef SYS_open
    {SYS_open, 1},
#endif
};

/// Denied calls fail with EPERM: code that merely tries says so, and dies of nothing.
void deny_system_calls() {
  constexpr uint32_t allow = SECCOMP_RET_ALLOW, refuse = SECCOMP_RET_ERRNO | EPERM;
  std::vector<sock_filter> program = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
#ifdef __x86_64__
      // The x32 calls are the same once more, with this bit.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, refuse),
#endif
  };
#ifdef SYS_socket
  // Landlock does not see whose socket a path is: a container engine's, for one, is as good as root.
  program.insert(program.end(), {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4),
                                 BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
                                 BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
                                 BPF_STMT(BPF_RET | BPF_K, refuse), BPF_STMT(BPF_RET | BPF_K, allow)});
#endif
  // Landlock before its third version lets who may read a file empty it.
  for (const auto& [call, flags] : kOpening) {
    const auto place = static_cast<uint32_t>(offsetof(seccomp_data, args) + flags * sizeof(uint64_t));
    program.insert(program.end(), {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0, 4),
                                   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place),
                                   BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_TRUNC, 0, 1),
                                   BPF_STMT(BPF_RET | BPF_K, refuse), BPF_STMT(BPF_RET | BPF_K, allow)});
  }
  for (const long call : kDenied) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, refuse));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, allow));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0) return;
  // A kernel built without it, as some routers have.
  if (errno != EINVAL) fail_to_lock();
  log::debug("no seccomp in this kernel: the provider runs without");
}

// ---- Landlock, by system calls: neither glibc nor a header of Debian 12 has the newer rights ----

constexpr uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t kRefer = 1ULL << 13, kTruncate = 1ULL << 14, kDeviceControl = 1ULL << 15;

/// All rights over files that this version of Landlock knows.
uint64_t all_rights(long version) {
  uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  if (version >= 2) rights |= kRefer;
  if (version >= 3) rights |= kTruncate;
  if (version >= 5) rights |= kDeviceControl;
  return rights;
}

/// A path that is not there needs no rule.
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
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) {
    log::debug("no Landlock in this kernel: the provider runs without");
    return;
  }
  const struct { uint64_t files; } handled{all_rights(version)};
  const Fd rules(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0)));
  if (!rules) fail_to_lock();
  for (const char* path : {"/usr", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/resolv.conf",
                           "/etc/hosts", "/etc/nsswitch.conf"}) {
    allow(rules, path, kRead);
  }
  for (const std::string& path : readable) allow(rules, path, kRead);
  allow(rules, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
  if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) fail_to_lock();
}

}  // namespace

void enter_cage(const std::vector<std::string>& readable) {
  const rlimit no_core{0, 0};
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0) fail_to_lock();
  // Neither a core dump nor a debugger of the same user; exec has reset it.
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) fail_to_lock();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail_to_lock();
  restrict_files(readable);
  deny_system_calls();
}

}  // namespace certo::os
