// Preloaded into certo-dynamic, it lets one call that changes the disk or speaks to the CA go wrong.
//
//   FAULT_AT=N         the Nth such call of the process, from 1; 0 or unset: none
//   FAULT=kill         the process dies by SIGKILL instead of making the call; a write is half done (default)
//   FAULT=ENOSPC, EIO  the call fails with it; only calls that take room on the disk are counted
//   FAULT_STAYS=1      every later call fails, too
//   FAULT_LOG=FILE     the name of the call is written to FILE when it goes wrong
//
//   cc -shared -fPIC -o kill_at.so kill_at.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;
static long at;
static int stays, error; // 0: kill

__attribute__((constructor)) static void read_environment(void) {
  const char *text = getenv("FAULT_AT");
  at = text ? atol(text) : 0;
  text = getenv("FAULT");
  if (text && !strcmp(text, "ENOSPC")) error = ENOSPC;
  if (text && !strcmp(text, "EIO")) error = EIO;
  stays = getenv("FAULT_STAYS") != NULL;
}

static void note(const char *name) {
  const char *path = getenv("FAULT_LOG");
  int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
  if (fd < 0) return;
  syscall(SYS_write, fd, name, strlen(name));
  syscall(SYS_close, fd);
}

// True when this call is the one; errno is set then, unless the process is to die.
static int goes_wrong(const char *name, int takes_room) {
  if (at == 0 || (error && !takes_room)) return 0;
  long count = atomic_fetch_add(&calls, 1) + 1;
  if (count != at && !(stays && error && count > at)) return 0;
  if (count == at) note(name);
  errno = error;
  return 1;
}

static int fail(void) {
  while (!error) kill(getpid(), SIGKILL);
  return -1;
}

// Messages on standard output and error are not what the disk of the test loses.
static int is_file(int fd) {
  struct stat facts;
  return fd > 2 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int rename(const char *from, const char *to) {
  return goes_wrong("rename", 1) ? fail() : REAL(rename)(from, to);
}
int renameat(int from, const char *path, int to, const char *name) {
  return goes_wrong("renameat", 1) ? fail() : REAL(renameat)(from, path, to, name);
}
int symlinkat(const char *target, int folder, const char *path) {
  return goes_wrong("symlinkat", 1) ? fail() : REAL(symlinkat)(target, folder, path);
}
int symlink(const char *target, const char *path) {
  return goes_wrong("symlink", 1) ? fail() : REAL(symlink)(target, path);
}
int mkdir(const char *path, mode_t mode) { return goes_wrong("mkdir", 1) ? fail() : REAL(mkdir)(path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) {
  return goes_wrong("mkdirat", 1) ? fail() : REAL(mkdirat)(folder, path, mode);
}
int linkat(int from, const char *path, int to, const char *name, int flags) {
  return goes_wrong("linkat", 1) ? fail() : REAL(linkat)(from, path, to, name, flags);
}
int fsync(int fd) { return goes_wrong("fsync", 1) ? fail() : REAL(fsync)(fd); }
int unlink(const char *path) { return goes_wrong("unlink", 0) ? fail() : REAL(unlink)(path); }
int unlinkat(int folder, const char *path, int flags) {
  return goes_wrong("unlinkat", 0) ? fail() : REAL(unlinkat)(folder, path, flags);
}
ssize_t send(int fd, const void *data, size_t size, int flags) {
  return goes_wrong("send", 0) ? fail() : REAL(send)(fd, data, size, flags);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  if ((flags & O_CREAT) && goes_wrong("open", 1)) return fail();
  return REAL(open)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  if ((flags & O_CREAT) && goes_wrong("openat", 1)) return fail();
  return REAL(openat)(folder, path, flags, mode);
}

ssize_t write(int fd, const void *data, size_t size) {
  if (is_file(fd) && goes_wrong("write", 1)) {
    syscall(SYS_write, fd, data, size / 2);
    errno = error;
    return fail();
  }
  return REAL(write)(fd, data, size);
}
