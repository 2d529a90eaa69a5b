#include "os/terminal.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace certo::os {

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

bool is_world_readable_file(int fd) {
  struct stat facts {};
  return ::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && (facts.st_mode & S_IROTH) != 0;
}

std::string home_folder() {
  std::string home = environment("HOME");
  if (!home.empty()) return home;
  const std::unique_ptr<FILE, int (*)(FILE*)> users(std::fopen("/etc/passwd", "re"), std::fclose);
  if (!users) return {};
  while (const passwd* user = ::fgetpwent(users.get())) {
    if (user->pw_uid == ::geteuid()) return user->pw_dir;
  }
  return {};
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_root() { return ::geteuid() == 0; }

void secure_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest free number is given out, so this is `fd`. It can neither be read nor written: what a
    // closed stdout loses must be noticed.
    if (::open("/", O_PATH) < 0) std::abort();
  }
}

}  // namespace certo::os
