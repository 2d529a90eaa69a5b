#include "os/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/log.h"
#include "base/text.h"
#include "os/failure.h"
#include "os/signals.h"

namespace certo::os {
namespace {

Fd open_lock_file(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  if (!fd) fail(path, "cannot open the lock", errno, Exit::cannot_write);
  return fd;
}

/// Whether `path` is still the file that `fd` is: another process may remove the folder while we wait for its
/// lock.
bool is_still_there(const std::string& path, int fd) {
  struct stat ours {
  }, theirs{};
  return ::fstat(fd, &ours) == 0 && ::lstat(path.c_str(), &theirs) == 0 && ours.st_dev == theirs.st_dev &&
         ours.st_ino == theirs.st_ino;
}

/// Tries once. Nothing if another process holds the lock.
Fd take(const std::string& path) {
  for (;;) {
    Fd fd = open_lock_file(path);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) return {};
      if (errno == EINTR) continue;
      fail(path, "cannot lock", errno, Exit::cannot_write);
    }
    if (!is_still_there(path, fd.get())) continue;
    // For the message of those who wait, so a full disk does not matter.
    const std::string holder = std::to_string(::getpid()) + "\n";
    if (::ftruncate(fd.get(), 0) == 0) {
      [[maybe_unused]] const ssize_t written = ::pwrite(fd.get(), holder.data(), holder.size(), 0);
    }
    return fd;
  }
}

std::string holder_of(const std::string& path) {
  char text[16] = {};
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  const ssize_t length = fd ? ::read(fd.get(), text, sizeof text) : 0;
  const std::string_view pid = trim({text, static_cast<size_t>(std::max<ssize_t>(length, 0))});
  const bool known = !pid.empty() && pid.find_first_not_of("0123456789") == std::string_view::npos;
  return known ? "process " + std::string(pid) : "another process";
}

}  // namespace

Lock::Lock(const std::string& path, Millis wait) {
  fd_ = take(path);
  if (fd_) return;
  const Deadline end(wait);
  const log::Waiting shown("waiting for " + holder_of(path) + ", which holds " + path);
  for (Millis pause(10); !end.passed(); pause = std::min(pause * 2, Millis(250))) {
    sleep_for(std::min(pause, end.left()));
    fd_ = take(path);
    if (fd_) return;
  }
  throw Error(Exit::later, path + ": locked by " + holder_of(path),
              "it works on the same files; try again later, or wait longer with --lock-timeout");
}

std::optional<Lock> Lock::try_take(const std::string& path) {
  Fd fd = take(path);
  if (!fd) return std::nullopt;
  return Lock(std::move(fd));
}

bool is_locked_elsewhere(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && errno == ENOENT) return false;
  if (!fd) fail(path, "cannot open the lock", errno, Exit::bad_input);
  struct flock asked {};
  asked.l_type = F_WRLCK;
  asked.l_whence = SEEK_SET;
  if (::fcntl(fd.get(), F_GETLK, &asked) != 0)
    fail(path, "cannot read the state of the lock", errno, Exit::bad_input);
  return asked.l_type != F_UNLCK;
}

}  // namespace certo::os
