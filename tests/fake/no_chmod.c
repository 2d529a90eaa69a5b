// Preloaded into certo-dynamic, it makes every file that gets a mode have 0755, as a file system without modes does.
// With NO_CHMOD=refuse it fails as on FAT, and the file keeps the mode that it was made with.
//
//   cc -shared -fPIC -o no_chmod.so no_chmod.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

int fchmod(int fd, mode_t mode) {
  (void)mode;
  if (getenv("NO_CHMOD")) {
    errno = EPERM;
    return -1;
  }
  return ((__typeof__(&fchmod))dlsym(RTLD_NEXT, "fchmod"))(fd, 0755);
}
