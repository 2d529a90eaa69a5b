#include "os/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>

#include "os/fd.h"
#include "os/file.h"
#include "os/signals.h"

namespace certo::os {
namespace {

Fd controlling_terminal() { return Fd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)); }

/// A field of this user's line in /etc/passwd; "" if there is no such line.
std::string own_line(char* passwd::*field) {
  const std::unique_ptr<FILE, int (*)(FILE*)> users(std::fopen("/etc/passwd", "re"), std::fclose);
  if (!users) return {};
  while (const passwd* user = ::fgetpwent(users.get())) {
    if (user->pw_uid == ::geteuid()) return user->*field;
  }
  return {};
}

}  // namespace

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

std::optional<size_t> terminal_width(int fd) {
  if (!is_terminal(fd)) return {};
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool is_world_readable_file(int fd) {
  struct stat facts {};
  return ::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && (facts.st_mode & S_IROTH) != 0;
}

std::string home_folder() {
  const std::string home = environment("HOME");
  return home.empty() ? own_line(&passwd::pw_dir) : home;
}

std::string user_name() {
  const std::string name = own_line(&passwd::pw_name);
  return name.empty() ? environment("USER") : name;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_root() { return ::geteuid() == 0; }

bool is_attended() { return is_terminal(STDERR_FILENO) && controlling_terminal().get() >= 0; }

bool wait_for_enter(const std::string& request, Millis limit) {
  const Fd terminal = controlling_terminal();
  if (!terminal) return false;
  ::tcflush(terminal.get(), TCIFLUSH);  // what was typed before does not answer this
  write_all(terminal.get(), request, "the terminal");
  const Deadline end(limit);
  while (!end.passed()) {
    pollfd fds[] = {{terminal.get(), POLLIN, 0}, {signal_fd(), POLLIN, 0}};
    ::poll(fds, std::size(fds), static_cast<int>(std::min<Millis>(end.left(), Seconds(60)).count()));
    check_signal();
    char typed[256];
    if (fds[0].revents != 0) return ::read(terminal.get(), typed, sizeof typed) > 0;
  }
  return false;
}

void secure_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // The kernel uses the lowest free number, which is `fd`. It can neither be read nor written, so that a
    // write to a closed stdout fails.
    if (::open("/", O_PATH) < 0) std::abort();
  }
}

}  // namespace certo::os
