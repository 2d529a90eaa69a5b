// Reading and writing all of a descriptor until a signal comes.
// Implements a part of os/file.h.
#include <poll.h>

#include <cerrno>

#include "os/failure.h"
#include "os/file.h"
#include "os/signals.h"

namespace certo::os {
namespace {

/// Waits until `fd` can be read or written; throws Interrupted when a signal comes first.
void wait_for(int fd, short events) {
  pollfd fds[] = {{fd, events, 0}, {signal_fd(), POLLIN, 0}};
  ::poll(fds, 2, -1);
  check_signal();
}

}  // namespace

std::string read_all(int fd, size_t limit, const std::string& subject) {
  std::string content;
  char buffer[16 * 1024];
  for (;;) {
    wait_for(fd, POLLIN);
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) fail(subject, "cannot be read", errno, Exit::bad_input);
    if (got == 0) return content;
    content.append(buffer, static_cast<size_t>(got));
    if (content.size() > limit) {
      throw Error(Exit::bad_input, subject + ": longer than " + std::to_string(limit) + " bytes");
    }
  }
}

void write_all(int fd, std::string_view content, const std::string& subject) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written >= 0) {
      content.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EINTR) {
      check_signal();
    } else if (errno == EAGAIN) {
      wait_for(fd, POLLOUT);
    } else {
      fail(subject, "cannot be written", errno, Exit::cannot_write);
    }
  }
}

}  // namespace certo::os
