#include "os/cage_calls.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace certo::os {
namespace {

#if defined(__x86_64__)
constexpr uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t architecture = AUDIT_ARCH_AARCH64;
#elif defined(__i386__)
constexpr uint32_t architecture = AUDIT_ARCH_I386;
#elif defined(__arm__)
constexpr uint32_t architecture = AUDIT_ARCH_ARM;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr uint32_t architecture = AUDIT_ARCH_RISCV64;
#else
#error "which AUDIT_ARCH_ of <linux/audit.h> is this?"
#endif

// Calls that are newer than the headers of Debian 12. The numbers are the same on every machine.
constexpr long epoll_pwait2 = 441, futex_wake = 454, futex_wait = 455, futex_requeue = 456;
constexpr long fchmodat2 = 452, setxattrat = 463, removexattrat = 466, open_tree_attr = 467,
               file_setattr = 469;

// One call a line would be five screens.
// clang-format off

/// Calls that harm nobody, whatever their arguments are.
constexpr long allowed[] = {
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_close,
    SYS_close_range, SYS_dup, SYS_dup3, SYS_pipe2, SYS_fstat, SYS_statx, SYS_faccessat, SYS_faccessat2,
    SYS_readlinkat, SYS_getcwd, SYS_getdents64,
    // Waiting.
    SYS_ppoll, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, epoll_pwait2, SYS_eventfd2,
    SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime, SYS_nanosleep, SYS_clock_nanosleep,
    SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_setitimer, SYS_getitimer, SYS_restart_syscall,
    // Memory and threads.
    SYS_brk, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_membarrier, SYS_futex, futex_wake,
    futex_wait, futex_requeue, SYS_set_robust_list, SYS_set_tid_address, SYS_rseq, SYS_exit, SYS_exit_group,
    SYS_sched_yield, SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_getcpu,
    // Signals of its own.
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigtimedwait,
    SYS_rt_sigsuspend, SYS_sigaltstack,
    // Its identity.
    SYS_gettid, SYS_getpid, SYS_getppid, SYS_getpgid, SYS_getsid, SYS_getuid, SYS_geteuid, SYS_getgid,
    SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_getrusage, SYS_getpriority, SYS_times,
    SYS_uname, SYS_sysinfo, SYS_umask, SYS_capget, SYS_getrandom, SYS_wait4, SYS_waitid,
    // The network.
    SYS_connect, SYS_bind, SYS_getsockname, SYS_getpeername, SYS_getsockopt, SYS_setsockopt, SYS_shutdown,
    SYS_sendto, SYS_recvfrom, SYS_sendmsg, SYS_recvmsg, SYS_sendmmsg, SYS_recvmmsg,
    // Some machines have these in addition, or instead.
#ifdef SYS_newfstatat
    SYS_newfstatat,
#endif
#ifdef SYS_mmap
    SYS_mmap,
#endif
#ifdef SYS_setrlimit
    SYS_setrlimit,
#endif
#ifdef SYS_getrlimit
    SYS_getrlimit,
#endif
#ifdef SYS_open
    SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_getdents, SYS_dup2, SYS_pipe, SYS_poll,
    SYS_epoll_create, SYS_epoll_wait, SYS_eventfd, SYS_pause, SYS_getpgrp,
#endif
#ifdef SYS_select
    SYS_select,
#endif
#ifdef SYS_time
    SYS_time,
#endif
#ifdef SYS_alarm
    SYS_alarm,
#endif
#ifdef SYS_send
    SYS_send, SYS_recv,
#endif
#ifdef SYS_arch_prctl
    SYS_arch_prctl,
#endif
#ifdef SYS_mmap2  // 32 bits
    SYS_mmap2, SYS__llseek, SYS_fstat64, SYS_stat64, SYS_lstat64, SYS_fstatat64, SYS__newselect,
    SYS_ugetrlimit, SYS_sigreturn, SYS_getuid32, SYS_geteuid32, SYS_getgid32, SYS_getegid32, SYS_getresuid32,
    SYS_getresgid32, SYS_getgroups32, SYS_clock_gettime64, SYS_clock_getres_time64,
    SYS_clock_nanosleep_time64, SYS_timerfd_settime64, SYS_timerfd_gettime64, SYS_ppoll_time64,
    SYS_pselect6_time64, SYS_futex_time64, SYS_recvmmsg_time64, SYS_rt_sigtimedwait_time64,
#endif
#ifdef __ARM_NR_cacheflush
    __ARM_NR_cacheflush, __ARM_NR_set_tls,
#endif
#ifdef __i386__
    // libc makes its sockets by this one call, whose arguments a filter cannot see.
    SYS_socketcall, SYS_set_thread_area,
#endif
#ifdef __riscv
    SYS_riscv_flush_icache, /* riscv_hwprobe */ 258,
#endif
};

/// Calls that a way out of the cage begins with, or that change something outside of it.
constexpr long forbidden[] = {
    // Other processes.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_pidfd_send_signal, SYS_pidfd_getfd, SYS_process_madvise,
    /* process_mrelease */ 448, SYS_move_pages, SYS_migrate_pages, SYS_ioprio_set, SYS_get_robust_list,
    SYS_setpgid, SYS_setsid, SYS_execve, SYS_execveat,
    // Its identity.
    SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setfsuid,
    SYS_setfsgid, SYS_setgroups, SYS_capset, SYS_personality, SYS_seccomp, SYS_unshare, SYS_setns,
    // Files.
    SYS_mkdirat, SYS_mknodat, SYS_unlinkat, SYS_symlinkat, SYS_linkat, SYS_renameat2, SYS_fchmod,
    SYS_fchmodat, fchmodat2, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_truncate, SYS_ftruncate,
    SYS_fallocate, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, setxattrat, SYS_removexattr, SYS_lremovexattr,
    SYS_fremovexattr, removexattrat, file_setattr, SYS_chdir, SYS_fchdir, SYS_chroot, SYS_flock, SYS_sync,
    SYS_syncfs, SYS_inotify_init1, SYS_inotify_add_watch, SYS_fanotify_init, SYS_fanotify_mark,
    SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_memfd_create, /* memfd_secret */ 447, SYS_quotactl,
    /* quotactl_fd */ 443, SYS_acct,
    // Mounts.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_open_tree, open_tree_attr, SYS_move_mount, SYS_mount_setattr,
    SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_swapon, SYS_swapoff,
    // Talking to programs on this machine.
    SYS_socketpair, SYS_listen, SYS_accept4, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_shmdt, SYS_semget,
    SYS_semctl, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink, SYS_add_key,
    SYS_request_key, SYS_keyctl,
    // The kernel and the machine.
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter,
    SYS_io_uring_register, SYS_io_setup, SYS_io_submit, SYS_init_module, SYS_finit_module, SYS_delete_module,
    SYS_kexec_load, SYS_reboot, SYS_syslog, SYS_sethostname, SYS_setdomainname, SYS_settimeofday,
    SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_vhangup, SYS_mlockall,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_accept
    SYS_accept,
#endif
#ifdef SYS_semop
    SYS_semop,
#endif
#ifdef SYS_ipc
    SYS_ipc,
#endif
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_open  // older names of the above
    SYS_creat, SYS_mkdir, SYS_rmdir, SYS_mknod, SYS_unlink, SYS_symlink, SYS_link, SYS_rename, SYS_chmod,
    SYS_chown, SYS_lchown, SYS_utimes, SYS_futimesat, SYS_inotify_init, SYS_fork, SYS_vfork,
#endif
#ifdef SYS_utime
    SYS_utime,
#endif
#ifdef SYS_truncate64
    SYS_truncate64, SYS_ftruncate64, SYS_setuid32, SYS_setgid32, SYS_setreuid32, SYS_setregid32,
    SYS_setresuid32, SYS_setresgid32, SYS_setfsuid32, SYS_setfsgid32, SYS_setgroups32, SYS_fchown32,
    SYS_chown32, SYS_lchown32, SYS_utimensat_time64, SYS_clock_settime64, SYS_clock_adjtime64,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm,
#endif
#ifdef SYS_modify_ldt
    SYS_modify_ldt,
#endif
};

// clang-format on

/// The lower half of an argument, AND `mask`, must be one of the values. The kernel ignores the upper half of
/// each argument that is used here.
struct Condition {
  unsigned argument;
  uint32_t mask;
  std::vector<uint32_t> values;
};

/// A call that is allowed if all conditions hold, and otherwise fails with EPERM.
struct Guarded {
  long call;
  std::vector<Condition> conditions;
};

constexpr uint32_t whole = ~0u;

std::vector<Guarded> files() {
  // Landlock before its third version lets code empty a file that it can read, and some kernels have no
  // Landlock.
  constexpr uint32_t changes = O_TRUNC | O_CREAT | (O_TMPFILE & ~O_DIRECTORY);
  // Without those by which the kernel sends signals to any process (F_SETOWN, F_SETSIG, FIOSETOWN).
  const std::vector<uint32_t> of_descriptor = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL};
  constexpr uint32_t terminal_attributes_2 = 0x802c542a;  // TCGETS2, by which newer libcs ask for a terminal
  const std::vector<uint32_t> of_device = {
      TCGETS,   terminal_attributes_2, TIOCGWINSZ,  FIONREAD, FIONBIO, FIOCLEX,
      FIONCLEX, SIOCGIFNAME,           SIOCGIFINDEX};
  return {
      {SYS_openat, {{2, changes, {0}}}},
#ifdef SYS_open
      {SYS_open, {{1, changes, {0}}}},
#endif
      {SYS_fcntl, {{1, whole, of_descriptor}}},
#ifdef SYS_fcntl64
      {SYS_fcntl64, {{1, whole, of_descriptor}}},
#endif
      {SYS_ioctl, {{1, whole, of_device}}},
  };
}

std::vector<Guarded> sockets() {
  constexpr uint32_t type = 15;  // the other bits are SOCK_CLOEXEC and SOCK_NONBLOCK
  // A container engine's local socket is as good as root, and Landlock does not see who owns it.
  return {{SYS_socket,
           {{0, whole, {AF_INET, AF_INET6}},
            {1, type, {SOCK_STREAM, SOCK_DGRAM}},
            {2, whole, {0, IPPROTO_TCP, IPPROTO_UDP}}}}};
}

std::vector<Guarded> processes(pid_t own) {
  constexpr uint32_t thread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
  constexpr uint32_t detached = 0x00400000;  // musl still sets it
  constexpr uint32_t any = CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID |
                           CLONE_CHILD_CLEARTID | detached;
  const std::vector<uint32_t> itself = {static_cast<uint32_t>(own)};
  const std::vector<uint32_t> itself_or_0 = {0, static_cast<uint32_t>(own)};
  std::vector<Guarded> rules = {
      {SYS_clone, {{0, ~any, {thread}}}},
      // Here 0 means the whole group.
      {SYS_kill, {{0, whole, itself}}},
      {SYS_tkill, {{0, whole, itself}}},
      {SYS_tgkill, {{0, whole, itself}}},
      {SYS_prlimit64, {{0, whole, itself_or_0}}},
      {SYS_setpriority, {{0, whole, {PRIO_PROCESS}}, {1, whole, itself_or_0}}},
      {SYS_prctl,
       {{0,
         whole,
         {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP, PR_CAPBSET_READ,
          /* PR_SET_VMA, by which malloc names its memory */ 0x53564d41}}}},
  };
  for (const long call : {SYS_sched_setaffinity, SYS_sched_getaffinity, SYS_sched_setscheduler,
                          SYS_sched_getscheduler, SYS_sched_setparam, SYS_sched_getparam, SYS_sched_setattr,
                          SYS_sched_getattr, SYS_sched_rr_get_interval})
    rules.push_back({call, {{0, whole, itself_or_0}}});
  return rules;
}

/// The filter, appended call by call. Between two calls the accumulator holds the call's number.
class Program {
 public:
  Program() {
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0));
    end(SECCOMP_RET_KILL_PROCESS);
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  }

  void allow(long call) { decide(call, SECCOMP_RET_ALLOW); }
  void forbid(long call) { decide(call, forbid_call); }

  void guard(const Guarded& rule) {
    size_t length = 1;
    for (const Condition& condition : rule.conditions) length += condition.values.size() + 3;
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number(rule.call), 0, distance(length)));
    for (const Condition& condition : rule.conditions) require(condition);
    end(SECCOMP_RET_ALLOW);
  }

  std::vector<sock_filter> finish() && {
    end(SECCOMP_RET_ERRNO | ENOSYS);
    return std::move(program_);
  }

 private:
  static constexpr uint32_t forbid_call = SECCOMP_RET_ERRNO | EPERM;

  static uint32_t number(long call) { return static_cast<uint32_t>(call); }
  static uint8_t distance(size_t instructions) { return static_cast<uint8_t>(instructions); }

  void add(const sock_filter& instruction) { program_.push_back(instruction); }
  void end(uint32_t action) { add(BPF_STMT(BPF_RET | BPF_K, action)); }

  void decide(long call, uint32_t action) {
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number(call), 0, 1));
    end(action);
  }

  /// Three instructions and one for each value.
  void require(const Condition& condition) {
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    const size_t place = offsetof(seccomp_data, args) + condition.argument * sizeof(uint64_t);
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(place)));
    add(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, condition.mask));
    for (size_t left = condition.values.size(); left > 0; --left)
      add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, condition.values[left - 1], distance(left), 0));
    end(forbid_call);
  }

  std::vector<sock_filter> program_;
};

}  // namespace

std::vector<sock_filter> system_call_filter(pid_t own) {
  Program program;
  for (const long call : allowed) program.allow(call);
  for (const auto& rules : {files(), sockets(), processes(own)})
    for (const Guarded& rule : rules) program.guard(rule);
  for (const long call : forbidden) program.forbid(call);
  return std::move(program).finish();
}

}  // namespace certo::os
