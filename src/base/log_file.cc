#include "base/log_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace certo::log {
namespace {

constexpr int most_old_files = 3;

std::string old_name(const std::string& path, int number) { return path + "." + std::to_string(number); }

}  // namespace

void write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody reads it any more
    text.remove_prefix(static_cast<size_t>(written));
  }
}

LogFile::~LogFile() { close(); }

void LogFile::open(const std::string& path, uint64_t limit) {
  close();
  path_ = path;
  limit_ = limit;
  if (path.empty() || reopen()) return;
  throw Error(Exit::cannot_write, path + ": cannot open the log file: " + std::strerror(errno));
}

void LogFile::write(std::string_view text) {
  if (fd_ < 0) return;
  if (is_full()) rotate();
  write_whole(fd_, text);
}

/// Only a regular file has a size: /dev/stderr may be meant.
bool LogFile::is_full() const {
  struct stat facts {};
  return limit_ > 0 && ::fstat(fd_, &facts) == 0 && S_ISREG(facts.st_mode) &&
         static_cast<uint64_t>(facts.st_size) > limit_;
}

/// False after another run has renamed the file.
bool LogFile::is_current() const {
  struct stat ours {
  }, named{};
  return ::fstat(fd_, &ours) == 0 && ::stat(path_.c_str(), &named) == 0 && ours.st_ino == named.st_ino &&
         ours.st_dev == named.st_dev;
}

/// The lock is of the file that is full: a second run that waited for it finds that the name leads elsewhere.
/// If the folder cannot be changed, the file simply grows.
void LogFile::rotate() {
  if (::flock(fd_, LOCK_EX) != 0) return;
  if (is_current()) {
    for (int number = most_old_files; number > 1; --number)
      static_cast<void>(std::rename(old_name(path_, number - 1).c_str(), old_name(path_, number).c_str()));
    static_cast<void>(std::rename(path_.c_str(), old_name(path_, 1).c_str()));
  }
  const int full = std::exchange(fd_, -1);
  if (!reopen()) fd_ = ::fcntl(full, F_DUPFD_CLOEXEC, 0);
  ::close(full);
}

bool LogFile::reopen() {
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
  return fd_ >= 0;
}

void LogFile::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace certo::log
