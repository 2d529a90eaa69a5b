/* Providers that break the rules, one a .so: compiled with -DBAD_ABI, -DBAD_CRASH, ... for what is wrong. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sdk/provider.h"

/* What a provider must not be able to do: a row an attempt, with the errno that it has to end with; 0 for what
 * must still work. Calls of other machines, and calls newer than the headers, have no row or a number of ours. */
struct attempt {
  const char* name;
  int error;
  long call;
  long arguments[6];
};

#define P(pointer) ((long)(pointer))
#define NEWER(name, number) number /* of every machine */

static long try_it(const struct attempt* one) {
  const long* a = one->arguments;
  const long result = syscall(one->call, a[0], a[1], a[2], a[3], a[4], a[5]);
  const int starts_a_process = one->call == SYS_clone || one->call == NEWER(SYS_clone3, 435)
#ifdef SYS_fork
                               || one->call == SYS_fork
#endif
      ;
  if (starts_a_process && result == 0) _exit(0);
  return result;
}

/* Adds what ended otherwise than it has to. */
static void note(char* report, size_t size, const char* name, int error, int expected) {
  const size_t length = strlen(report);
  if (error != expected)
    snprintf(report + length, size - length, "%s: %d instead of %d; ", name, error, expected);
}

static void try_all(const struct attempt* attempts, size_t count, char* report, size_t size) {
  for (size_t i = 0; i < count; ++i) {
    errno = 0;
    note(report, size, attempts[i].name, try_it(&attempts[i]) < 0 ? errno : 0, attempts[i].error);
  }
}

#define TRY_ALL(list) try_all(list, sizeof list / sizeof *list, report, size)

static void try_files(const char* secret, const char* target, char* report, size_t size) {
  const struct attempt attempts[] = {
      {"read a secret", EACCES, SYS_openat, {AT_FDCWD, P(secret), O_RDONLY}},
      {"read /etc/shadow", EACCES, SYS_openat, {AT_FDCWD, P("/etc/shadow"), O_RDONLY}},
      {"read /proc/self/status", EACCES, SYS_openat, {AT_FDCWD, P("/proc/self/status"), O_RDONLY}},
      {"read /etc/hosts", 0, SYS_openat, {AT_FDCWD, P("/etc/hosts"), O_RDONLY}},
      {"open a secret for writing", EACCES, SYS_openat, {AT_FDCWD, P(secret), O_WRONLY}},
      {"open a secret for both", EACCES, SYS_openat, {AT_FDCWD, P(secret), O_RDWR}},
      {"empty a readable file", EPERM, SYS_openat, {AT_FDCWD, P("/etc/hosts"), O_RDONLY | O_TRUNC}},
      {"create a file", EPERM, SYS_openat, {AT_FDCWD, P(target), O_WRONLY | O_CREAT, 0600}},
      {"create a file to read", EPERM, SYS_openat, {AT_FDCWD, P(target), O_RDONLY | O_CREAT, 0600}},
      {"create a nameless file", EPERM, SYS_openat, {AT_FDCWD, P("/tmp"), O_RDWR | O_TMPFILE, 0600}},
      {"openat2", ENOSYS, NEWER(SYS_openat2, 437), {AT_FDCWD, P(secret), 0, 24}},
      {"open_by_handle_at", EPERM, SYS_open_by_handle_at, {AT_FDCWD, 0, 0}},
      {"name_to_handle_at", EPERM, SYS_name_to_handle_at, {AT_FDCWD, P(secret), 0, 0, 0}},
      {"memfd_create", EPERM, SYS_memfd_create, {P("x"), 0}},
      {"memfd_secret", EPERM, NEWER(SYS_memfd_secret, 447), {0}},
      {"truncate", EPERM, SYS_truncate, {P(secret), 0}},
      {"ftruncate", EPERM, SYS_ftruncate, {1, 0}},
      {"fallocate", EPERM, SYS_fallocate, {1, 0, 0, 1}},
      {"unlinkat", EPERM, SYS_unlinkat, {AT_FDCWD, P(secret), 0}},
      {"renameat2", EPERM, SYS_renameat2, {AT_FDCWD, P(secret), AT_FDCWD, P(target), 0}},
      {"linkat", EPERM, SYS_linkat, {AT_FDCWD, P(secret), AT_FDCWD, P(target), 0}},
      {"symlinkat", EPERM, SYS_symlinkat, {P(secret), AT_FDCWD, P(target)}},
      {"mkdirat", EPERM, SYS_mkdirat, {AT_FDCWD, P(target), 0700}},
      {"mknodat", EPERM, SYS_mknodat, {AT_FDCWD, P(target), S_IFREG | 0600, 0}},
      {"fchmod", EPERM, SYS_fchmod, {1, 0777}},
      {"fchmodat", EPERM, SYS_fchmodat, {AT_FDCWD, P(secret), 0666}},
      {"fchmodat2", EPERM, NEWER(SYS_fchmodat2, 452), {AT_FDCWD, P(secret), 0666, 0}},
      {"fchown", EPERM, SYS_fchown, {1, 1, 1}},
      {"fchownat", EPERM, SYS_fchownat, {AT_FDCWD, P(secret), 1, 1, 0}},
      {"utimensat", EPERM, SYS_utimensat, {AT_FDCWD, P(secret), 0, 0}},
      {"setxattr", EPERM, SYS_setxattr, {P(secret), P("user.x"), P("y"), 1, 0}},
      {"lsetxattr", EPERM, SYS_lsetxattr, {P(secret), P("user.x"), P("y"), 1, 0}},
      {"fsetxattr", EPERM, SYS_fsetxattr, {1, P("user.x"), P("y"), 1, 0}},
      {"setxattrat", EPERM, NEWER(SYS_setxattrat, 463), {AT_FDCWD, P(secret), 0, P("user.x"), 0, 0}},
      {"removexattr", EPERM, SYS_removexattr, {P(secret), P("user.x")}},
      {"file_setattr", EPERM, NEWER(SYS_file_setattr, 469), {AT_FDCWD, P(secret), 0, 0, 0}},
      {"chdir", EPERM, SYS_chdir, {P("/")}},
      {"chroot", EPERM, SYS_chroot, {P("/")}},
      {"flock", EPERM, SYS_flock, {1, 0}},
      {"inotify_init1", EPERM, SYS_inotify_init1, {0}},
      {"fanotify_init", EPERM, SYS_fanotify_init, {0, 0}},
      {"quotactl", EPERM, SYS_quotactl, {0, 0, 0, 0}},
      {"acct", EPERM, SYS_acct, {P(target)}},
#ifdef SYS_chmod
      {"open", EACCES, SYS_open, {P(secret), O_RDONLY}},
      {"open and create", EPERM, SYS_open, {P(target), O_WRONLY | O_CREAT, 0600}},
      {"creat", EPERM, SYS_creat, {P(target), 0600}},
      {"unlink", EPERM, SYS_unlink, {P(secret)}},
      {"rename", EPERM, SYS_rename, {P(secret), P(target)}},
      {"renameat", EPERM, SYS_renameat, {AT_FDCWD, P(secret), AT_FDCWD, P(target)}},
      {"link", EPERM, SYS_link, {P(secret), P(target)}},
      {"symlink", EPERM, SYS_symlink, {P(secret), P(target)}},
      {"mkdir", EPERM, SYS_mkdir, {P(target), 0700}},
      {"rmdir", EPERM, SYS_rmdir, {P(target)}},
      {"mknod", EPERM, SYS_mknod, {P(target), S_IFREG | 0600, 0}},
      {"chmod", EPERM, SYS_chmod, {P(secret), 0666}},
      {"chown", EPERM, SYS_chown, {P(secret), 1, 1}},
      {"lchown", EPERM, SYS_lchown, {P(secret), 1, 1}},
      {"utimes", EPERM, SYS_utimes, {P(secret), 0}},
      {"futimesat", EPERM, SYS_futimesat, {AT_FDCWD, P(secret), 0}},
#endif
#ifdef SYS_utime
      {"utime", EPERM, SYS_utime, {P(secret), 0}},
#endif
  };
  TRY_ALL(attempts);
}

static void try_processes(char* report, size_t size) {
  const long own = getpid(), parent = getppid();
  char* const words[] = {"/bin/true", NULL};
  struct f_owner_ex {
    int type, pid;
  } owner = {1, (int)parent};
  struct rlimit limit = {16, 16};
  struct sched_param priority = {0};
  unsigned long mask = 1;
  siginfo_t info;
  memset(&info, 0, sizeof info);
  info.si_code = SI_QUEUE;
  const struct attempt attempts[] = {
      {"kill the parent", EPERM, SYS_kill, {parent, 0}},
      {"kill a group", EPERM, SYS_kill, {0, 0}},
      {"kill another group", EPERM, SYS_kill, {-parent, 0}},
      {"kill all", EPERM, SYS_kill, {-1, 0}},
      {"kill itself", 0, SYS_kill, {own, 0}},
      {"tkill", EPERM, SYS_tkill, {parent, 0}},
      {"tgkill", EPERM, SYS_tgkill, {parent, parent, 0}},
      {"tgkill itself", 0, SYS_tgkill, {own, own, 0}},
      {"rt_sigqueueinfo", EPERM, SYS_rt_sigqueueinfo, {parent, 0, P(&info)}},
      {"rt_tgsigqueueinfo", EPERM, SYS_rt_tgsigqueueinfo, {parent, parent, 0, P(&info)}},
      {"pidfd_open", EPERM, NEWER(SYS_pidfd_open, 434), {parent, 0}},
      {"pidfd_send_signal", EPERM, NEWER(SYS_pidfd_send_signal, 424), {1, 0, 0, 0}},
      {"pidfd_getfd", EPERM, NEWER(SYS_pidfd_getfd, 438), {1, 0, 0}},
      {"attach to the parent", EPERM, SYS_ptrace, {PTRACE_ATTACH, parent, 0, 0}},
      {"seize the parent", EPERM, SYS_ptrace, {PTRACE_SEIZE, parent, 0, 0}},
      {"be traced", EPERM, SYS_ptrace, {PTRACE_TRACEME, 0, 0, 0}},
      {"process_vm_readv", EPERM, SYS_process_vm_readv, {parent, 0, 0, 0, 0, 0}},
      {"process_vm_writev", EPERM, SYS_process_vm_writev, {parent, 0, 0, 0, 0, 0}},
      {"process_madvise", EPERM, NEWER(SYS_process_madvise, 440), {1, 0, 0, 0, 0}},
      {"process_mrelease", EPERM, NEWER(SYS_process_mrelease, 448), {1, 0}},
      {"kcmp", EPERM, SYS_kcmp, {own, parent, 1, 0, 0}},
      {"move_pages", EPERM, SYS_move_pages, {parent, 0, 0, 0, 0, 0}},
      {"migrate_pages", EPERM, SYS_migrate_pages, {parent, 0, 0, 0}},
      {"get_robust_list", EPERM, SYS_get_robust_list, {parent, 0, 0}},
      {"limit the parent", EPERM, SYS_prlimit64, {parent, RLIMIT_NOFILE, P(&limit), 0}},
      {"read the parent's limits", EPERM, SYS_prlimit64, {parent, RLIMIT_NOFILE, 0, P(&limit)}},
      {"read its limits", 0, SYS_prlimit64, {0, RLIMIT_NOFILE, 0, P(&limit)}},
      {"slow down the parent", EPERM, SYS_setpriority, {PRIO_PROCESS, parent, 19}},
      {"slow down a group", EPERM, SYS_setpriority, {PRIO_PGRP, 0, 19}},
      {"slow down a user", EPERM, SYS_setpriority, {PRIO_USER, 0, 19}},
      {"slow down itself", 0, SYS_setpriority, {PRIO_PROCESS, 0, 19}},
      {"sched_setaffinity", EPERM, SYS_sched_setaffinity, {parent, sizeof mask, P(&mask)}},
      {"sched_getaffinity", EPERM, SYS_sched_getaffinity, {parent, sizeof mask, P(&mask)}},
      {"sched_setscheduler", EPERM, SYS_sched_setscheduler, {parent, 0, P(&priority)}},
      {"sched_getscheduler", EPERM, SYS_sched_getscheduler, {parent}},
      {"sched_setparam", EPERM, SYS_sched_setparam, {parent, P(&priority)}},
      {"sched_setattr", EPERM, SYS_sched_setattr, {parent, 0, 0}},
      {"its own scheduler", 0, SYS_sched_getscheduler, {0}},
      {"ioprio_set", EPERM, SYS_ioprio_set, {1, parent, 0}},
      {"setpgid", EPERM, SYS_setpgid, {0, parent}},
      {"setsid", EPERM, SYS_setsid, {0}},
      {"F_SETOWN", EPERM, SYS_fcntl, {1, F_SETOWN, parent}},
      {"F_SETOWN_EX", EPERM, SYS_fcntl, {1, 15, P(&owner)}},
      {"F_SETSIG", EPERM, SYS_fcntl, {1, 10, SIGKILL}},
      {"F_SETPIPE_SZ", EPERM, SYS_fcntl, {1, 1031, 1 << 20}},
      {"F_SETLEASE", EPERM, SYS_fcntl, {1, 1024, F_RDLCK}},
      {"FIOSETOWN", EPERM, SYS_ioctl, {1, 0x8901, P(&owner.pid)}},
      {"TIOCSTI", EPERM, SYS_ioctl, {1, TIOCSTI, P("x")}},
      {"clone", EPERM, SYS_clone, {SIGCHLD, 0, 0, 0, 0}},
      {"clone into a user namespace", EPERM, SYS_clone, {0x10000000 | SIGCHLD, 0, 0, 0, 0}},
      {"clone3", ENOSYS, NEWER(SYS_clone3, 435), {0, 0}},
#ifdef SYS_fork
      {"fork", EPERM, SYS_fork, {0}},
#endif
      {"execve", EPERM, SYS_execve, {P(words[0]), P(words), P(words + 1)}},
      {"execveat", EPERM, SYS_execveat, {AT_FDCWD, P(words[0]), P(words), P(words + 1), 0}},
      {"unshare users", EPERM, SYS_unshare, {0x10000000}},
      {"unshare files", EPERM, SYS_unshare, {0x400}},
      {"setns", EPERM, SYS_setns, {1, 0}},
      {"setuid", EPERM, SYS_setuid, {own}},
      {"setgid", EPERM, SYS_setgid, {own}},
      {"setresuid", EPERM, SYS_setresuid, {0, 0, 0}},
      {"setresgid", EPERM, SYS_setresgid, {0, 0, 0}},
      {"setgroups", EPERM, SYS_setgroups, {0, 0}},
      {"capset", EPERM, SYS_capset, {0, 0}},
      {"personality", EPERM, SYS_personality, {0xffffffff}},
      {"seccomp", EPERM, SYS_seccomp, {0, 0, 0}},
      {"be dumpable", EPERM, SYS_prctl, {PR_SET_DUMPABLE, 1}},
      {"outlive the parent", EPERM, SYS_prctl, {PR_SET_PDEATHSIG, 0}},
      {"be traceable", EPERM, SYS_prctl, {PR_SET_PTRACER, -1}},
      {"keep capabilities", EPERM, SYS_prctl, {PR_SET_KEEPCAPS, 1}},
      {"name a thread", 0, SYS_prctl, {PR_SET_NAME, P("x")}},
  };
  TRY_ALL(attempts);
}

static void try_sockets(char* report, size_t size) {
  int pair[2];
  const struct attempt attempts[] = {
      {"TCP", 0, SYS_socket, {AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0}},
      {"TCP by name", 0, SYS_socket, {AF_INET, SOCK_STREAM, 6}},
      {"UDP", 0, SYS_socket, {AF_INET, SOCK_DGRAM, 17}},
      {"local stream", EPERM, SYS_socket, {AF_UNIX, SOCK_STREAM, 0}},
      {"local datagram", EPERM, SYS_socket, {AF_UNIX, SOCK_DGRAM, 0}},
      {"netlink", EPERM, SYS_socket, {16, SOCK_RAW, 0}},
      {"netlink datagram", EPERM, SYS_socket, {16, SOCK_DGRAM, 0}},
      {"packet", EPERM, SYS_socket, {17, SOCK_RAW, 0}},
      {"packet datagram", EPERM, SYS_socket, {17, SOCK_DGRAM, 0}},
      {"raw IPv4", EPERM, SYS_socket, {AF_INET, SOCK_RAW, 1}},
      {"raw IPv6", EPERM, SYS_socket, {AF_INET6, SOCK_RAW, 58}},
      {"ping", EPERM, SYS_socket, {AF_INET, SOCK_DGRAM, 1}},
      {"SCTP", EPERM, SYS_socket, {AF_INET, SOCK_SEQPACKET, 132}},
      {"MPTCP", EPERM, SYS_socket, {AF_INET, SOCK_STREAM, 262}},
      {"vsock", EPERM, SYS_socket, {40, SOCK_STREAM, 0}},
      {"crypto", EPERM, SYS_socket, {38, SOCK_SEQPACKET, 0}},
      {"key", EPERM, SYS_socket, {15, SOCK_RAW, 2}},
      {"Bluetooth", EPERM, SYS_socket, {31, SOCK_STREAM, 3}},
      {"XDP", EPERM, SYS_socket, {44, SOCK_RAW, 0}},
      {"a pair of local sockets", EPERM, SYS_socketpair, {AF_UNIX, SOCK_DGRAM, 0, P(pair)}},
      {"listen", EPERM, SYS_listen, {1, 1}},
      {"accept4", EPERM, SYS_accept4, {1, 0, 0, 0}},
      {"shmget", EPERM, SYS_shmget, {0, 4096, 0600}},
      {"semget", EPERM, SYS_semget, {0, 1, 0600}},
      {"msgget", EPERM, SYS_msgget, {0, 0600}},
      {"mq_open", EPERM, SYS_mq_open, {P("x"), O_RDWR | O_CREAT, 0600, 0}},
      {"add_key", EPERM, SYS_add_key, {P("user"), P("x"), P("y"), 1, -3}},
      {"request_key", EPERM, SYS_request_key, {P("user"), P("x"), 0, 0}},
      {"keyctl", EPERM, SYS_keyctl, {0, -3, 0}},
  };
  TRY_ALL(attempts);
}

static void try_the_kernel(const char* target, char* report, size_t size) {
  const struct attempt attempts[] = {
      {"bpf", EPERM, SYS_bpf, {0, 0, 0}},
      {"perf_event_open", EPERM, SYS_perf_event_open, {0, 0, -1, -1, 0}},
      {"userfaultfd", EPERM, SYS_userfaultfd, {0}},
      {"io_uring_setup", EPERM, NEWER(SYS_io_uring_setup, 425), {1, 0}},
      {"io_uring_enter", EPERM, NEWER(SYS_io_uring_enter, 426), {1, 0, 0, 0, 0, 0}},
      {"io_uring_register", EPERM, NEWER(SYS_io_uring_register, 427), {1, 0, 0, 0}},
      {"io_setup", EPERM, SYS_io_setup, {1, 0}},
      {"init_module", EPERM, SYS_init_module, {0, 0, P("")}},
      {"finit_module", EPERM, SYS_finit_module, {1, P(""), 0}},
      {"delete_module", EPERM, SYS_delete_module, {P("none"), 0}},
      {"kexec_load", EPERM, SYS_kexec_load, {0, 0, 0, 0}},
      {"reboot", EPERM, SYS_reboot, {0, 0, 0, 0}},
      {"syslog", EPERM, SYS_syslog, {10, 0, 0}},
      {"sethostname", EPERM, SYS_sethostname, {0, 0}},
      {"setdomainname", EPERM, SYS_setdomainname, {0, 0}},
      {"settimeofday", EPERM, SYS_settimeofday, {0, 0}},
      {"clock_settime", EPERM, SYS_clock_settime, {0, 0}},
      {"adjtimex", EPERM, SYS_adjtimex, {0}},
      {"swapon", EPERM, SYS_swapon, {P(target), 0}},
      {"swapoff", EPERM, SYS_swapoff, {P(target)}},
      {"mount", EPERM, SYS_mount, {P("none"), P("/none"), P("tmpfs"), 0, 0}},
      {"umount2", EPERM, SYS_umount2, {P("/none"), 0}},
      {"pivot_root", EPERM, SYS_pivot_root, {P("/none"), P("/none")}},
      {"open_tree", EPERM, NEWER(SYS_open_tree, 428), {AT_FDCWD, P("/"), 0}},
      {"move_mount", EPERM, NEWER(SYS_move_mount, 429), {-1, P("/"), -1, P("/"), 0}},
      {"fsopen", EPERM, NEWER(SYS_fsopen, 430), {P("tmpfs"), 0}},
      {"mount_setattr", EPERM, NEWER(SYS_mount_setattr, 442), {-1, P("/"), 0, 0, 0}},
      {"vhangup", EPERM, SYS_vhangup, {0}},
      {"mlockall", EPERM, SYS_mlockall, {0}},
      {"a call that nobody knows", ENOSYS, 9999, {0}},
      {"another one", ENOSYS, 100000, {0}},
#ifdef SYS_iopl
      {"iopl", EPERM, SYS_iopl, {0}},
      {"ioperm", EPERM, SYS_ioperm, {0, 1, 0}},
      {"modify_ldt", EPERM, SYS_modify_ldt, {0, 0, 0}},
#endif
  };
  TRY_ALL(attempts);
}

/* Capabilities, limits and memory are looked at, and not called for. */
static void look_at_itself(char* report, size_t size) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2] = {{1, 1, 1}, {1, 1, 1}};
  struct rlimit limit = {1, 1};
  syscall(SYS_capget, &header, sets);
  for (int i = 0; i < 2; ++i) {
    note(report, size, "an effective capability", sets[i].effective != 0, 0);
    note(report, size, "a permitted capability", sets[i].permitted != 0, 0);
    note(report, size, "an inheritable capability", sets[i].inheritable != 0, 0);
  }
  for (int one = 0; geteuid() == 0 && one < 41; ++one)
    note(report, size, "a capability in the bounding set", prctl(PR_CAPBSET_READ, one, 0, 0, 0) == 1, 0);
  note(report, size, "dump its memory", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
  note(report, size, "gain no privileges", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
  getrlimit(RLIMIT_CORE, &limit);
  note(report, size, "dump core", limit.rlim_max != 0, 0);
  getrlimit(RLIMIT_AS, &limit);
  note(report, size, "have more memory", limit.rlim_max > 256ul << 20, 0);
  note(report, size, "map 300 MiB", mmap(NULL, 300ul << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED,
       0);
  note(report, size, "see a setting in its environment", getenv("BAD_SECRET") != NULL, 0);
}

/* Says all that ended otherwise than it has to. */
static int try_the_forbidden(const struct certo_host* host) {
  static char report[4096];
  const char* secret = host->setting(host->self, "BAD_SECRET");
  const char* target = host->setting(host->self, "BAD_TARGET");
  look_at_itself(report, sizeof report);
  try_files(secret, target, report, sizeof report);
  try_processes(report, sizeof report);
  try_sockets(report, sizeof report);
  try_the_kernel(target, report, sizeof report);
  if (!*report) return CERTO_OK;
  host->explain(host->self, report);
  return CERTO_FAILED;
}

static int change(const struct certo_host* host, const struct certo_record* records, size_t count) {
  (void)records;
  (void)count;
#if defined(BAD_CRASH)
  abort();
#elif defined(BAD_HANG)
  for (;;) pause();
#elif defined(BAD_FLOOD)
  for (int i = 0; i < 100000; ++i) puts("{\"certo\":\"dns-outcome/1\",\"status\":0,\"why\":\"\"}");
  fflush(stdout);
  host->explain(host->self, "flooded");
  return CERTO_FAILED;
#elif defined(BAD_EXIT)
  exit(0);
#elif defined(BAD_STATUS)
  return 4711;
#endif
  return try_the_forbidden(host);
}

static const struct certo_setting settings[] = {
    {"BAD_SECRET", "", "a file that must not be read", 0},
    {"BAD_TARGET", "", "a file that must not be written", 0},
};

static const struct certo_provider provider = {
#ifdef BAD_ABI
    .abi = CERTO_PROVIDER_ABI + 1,
#else
    .abi = CERTO_PROVIDER_ABI,
#endif
    .size = sizeof(struct certo_provider),
#ifdef BAD_NAME
    .name = "../../etc/passwd",
#else
    .name = "bad",
#endif
    .aliases = "",
    .title = "Bad",
    .base_url = "",
    .settings = settings,
    .setting_count = sizeof settings / sizeof *settings,
    .propagation = 1,
    .traits = CERTO_NEEDS_NO_SETTING,
#ifndef BAD_HOLE
    .present = change,
#endif
    .cleanup = change,
};

#ifndef BAD_SYMBOL
const struct certo_provider* certo_provider_v1(void) {
#ifdef BAD_START
  abort();
#endif
  return &provider;
}
#endif
