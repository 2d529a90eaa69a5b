#include "os/temporary.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>

#include "base/log.h"
#include "os/failure.h"
#include "os/file.h"
#include "os/path.h"
#include "os/random.h"
#include "os/terminal.h"

namespace certo::os {
namespace {

constexpr std::string_view unwritable = "cannot be written";
constexpr std::string_view mark = ".tmp-";
constexpr std::string_view folder_mark = "certo-";
constexpr size_t random_bytes = 6;
constexpr size_t random_folder_bytes = 8;

/// chmod has no effect on some file systems (CIFS, vfat): the mode that counts is the one that they show.
void warn_of_open_secret(const Fd& fd, mode_t wanted, const std::string& path) {
  static std::atomic_flag warned;
  struct stat made {};
  constexpr mode_t read_or_write = S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;
  if ((wanted & read_or_write) != 0 || ::fstat(fd.get(), &made) != 0) return;
  if ((made.st_mode & read_or_write) == 0 || warned.test_and_set()) return;
  log::warn(
      path +
      ": other users can read this file, because its file system does not store modes; mount it with umask=077 (CIFS: file_mode=0600)");
}
constexpr std::time_t old_link = 60;        // seconds; a link is renamed at once
constexpr std::time_t old_unlocked = 3600;  // if the file system has no locks

bool is_hex(std::string_view text, size_t bytes) {
  return text.size() == 2 * bytes && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_name_of_file(std::string_view name) {
  const size_t at = name.rfind(mark);
  return name.starts_with('.') && at != name.npos && is_hex(name.substr(at + mark.size()), random_bytes);
}

bool is_name_of_folder(std::string_view name) {
  return name.starts_with(folder_mark) && is_hex(name.substr(folder_mark.size()), random_folder_bytes);
}

/// Either files and links, or folders.
struct Leftover {
  bool (*is_name)(std::string_view);
  mode_t type;
};
constexpr Leftover files{is_name_of_file, S_IFREG}, folders{is_name_of_folder, S_IFDIR};

/// A name next to `path`, with at most 200 bytes of its name, because names have at most 255.
std::string temporary_name(const std::string& path) {
  const std::string name = name_of(path).substr(0, 200);
  return path_in(folder_of(path), "." + name + std::string(mark) + random_name(random_bytes));
}

enum class Hold { ours, others, impossible };

Hold lock(const Fd& fd) {
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return Hold::ours;
  return errno == EWOULDBLOCK ? Hold::others : Hold::impossible;
}

bool is_older_than(const struct stat& facts, std::time_t seconds) {
  return ::time(nullptr) - facts.st_mtime > seconds;
}

/// Whether no writer has `path` any more; `held` keeps it so.
bool is_left_over(const std::string& path, const Leftover& kind, Writers others, Fd& held) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0 || facts.st_uid != ::geteuid()) return false;
  if (S_ISLNK(facts.st_mode) && kind.type == S_IFREG)
    return others == Writers::none || is_older_than(facts, old_link);
  if ((facts.st_mode & S_IFMT) != kind.type) return false;
  held = Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!held) return false;
  switch (lock(held)) {
    case Hold::ours: return true;
    case Hold::others: return false;
    case Hold::impossible: return others == Writers::none || is_older_than(facts, old_unlocked);
  }
  return false;
}

void sweep(const std::string& folder, const Leftover& kind, Writers others) {
  try {
    for (const std::string& name : list_folder(folder)) {
      Fd held;
      if (!kind.is_name(name) || !is_left_over(path_in(folder, name), kind, others, held)) continue;
      log::debug(path_in(folder, name) + ": left by a run that was killed; removed");
      remove_tree(path_in(folder, name));
    }
  } catch (const Error& error) {
    log::debug(error.message);
  }
}

}  // namespace

void sweep_temporaries(const std::string& folder, Writers others) { sweep(folder, files, others); }

Temporary::Temporary(const std::string& target) : target_(target), path_(temporary_name(target)) {
  sweep_temporaries(folder_of(target));
}

Temporary::~Temporary() {
  if (is_there_) ::unlink(path_.c_str());
}

Fd Temporary::create() {
  for (;;) {
    Fd fd(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd) fail(target_, unwritable, errno, Exit::cannot_write);
    is_there_ = true;
    struct stat facts {};
    // The sweep of another run may come between the two, and finds a file without a lock.
    const bool is_swept = lock(fd) == Hold::others || (::fstat(fd.get(), &facts) == 0 && facts.st_nlink == 0);
    if (!is_swept) return fd;
    path_ = temporary_name(target_);
  }
}

void Temporary::write(std::string_view content, mode_t mode) {
  Fd fd = create();
  // The lock stays with the open file until its last descriptor is closed.
  lock_ = Fd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!lock_) fail(target_, unwritable, errno, Exit::cannot_write);
  set_mode(fd, mode, target_);
  warn_of_open_secret(fd, mode, target_);
  write_all(fd.get(), content, target_);
  if (::fsync(fd.get()) != 0) fail(target_, unwritable, errno, Exit::cannot_write);
  // A network file system may report a full disk only now.
  if (::close(fd.release()) != 0) fail(target_, unwritable, errno, Exit::cannot_write);
}

void Temporary::link_to(const std::string& destination) {
  if (::symlink(destination.c_str(), path_.c_str()) != 0)
    fail(target_, unwritable, errno, Exit::cannot_write);
  is_there_ = true;
}

void Temporary::move_into_place() {
  if (::rename(path_.c_str(), target_.c_str()) != 0) fail(target_, unwritable, errno, Exit::cannot_write);
  is_there_ = false;
  lock_.reset();
  sync_folder(folder_of(target_));
}

TemporaryFolder::TemporaryFolder() {
  const std::string named = environment("TMPDIR");
  const std::string parent = named.empty() ? "/tmp" : named;
  sweep(parent, folders, Writers::possible);
  do {
    path_ = path_in(parent, std::string(folder_mark) + random_name(random_folder_bytes));
    if (::mkdir(path_.c_str(), 0700) != 0) fail(path_, "cannot be made", errno, Exit::cannot_write);
    lock_ = Fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    // The sweep of another run may come between the two.
  } while (!lock_ || lock(lock_) == Hold::others || !exists(path_));
}

TemporaryFolder::~TemporaryFolder() {
  try {
    remove_tree(path_);
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

}  // namespace certo::os
