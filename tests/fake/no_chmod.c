// Preloaded into certo-dynamic, it makes every file that gets a mode have 0755, as a file system without modes does.
//
//   cc -shared -fPIC -o no_chmod.so no_chmod.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/stat.h>

int fchmod(int fd, mode_t mode) {
  (void)mode;
  return ((__typeof__(&fchmod))dlsym(RTLD_NEXT, "fchmod"))(fd, 0755);
}
