// One file: read, written, replaced, removed.
#include "os/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "os/failure.h"
#include "os/path.h"
#include "os/quick.h"
#include "os/temporary.h"

namespace certo::os {
namespace {

/// Because a rename would replace /dev/null, or a link to a terminal, with a file.
void refuse_special_file(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || S_ISREG(facts.st_mode)) return;
  throw Error(Exit::cannot_write, path + ": exists and is not a regular file", "write to stdout with -");
}

/// errno if it cannot be opened. O_NONBLOCK: a FIFO without a writer must not stop us.
Fd open_to_read(const std::string& path) {
  return Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

std::string read_opened(const Fd& fd, size_t limit, const std::string& path) {
  if (!fd) fail(path, "cannot be read", errno, Exit::bad_input);
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) fail(path, "cannot be read", errno, Exit::bad_input);
  if (!S_ISREG(facts.st_mode)) throw Error(Exit::bad_input, path + ": not a regular file");
  return read_regular(fd, facts, limit, path);
}

}  // namespace

void write_file(const std::string& path, std::string_view content, mode_t mode) {
  refuse_special_file(path);
  Temporary file(path);
  file.write(content, mode);
  file.move_into_place();
}

std::string read_file(const std::string& path, size_t limit) {
  return read_opened(open_to_read(path), limit, path);
}

std::string read_regular(const Fd& fd, size_t limit, const std::string& path) {
  return read_regular(fd, {}, limit, path);
}

std::string read_regular(const Fd& fd, const struct stat& facts, size_t limit, const std::string& path) {
  const auto size = static_cast<size_t>(facts.st_size);
  std::string content;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "cannot be read", errno, Exit::bad_input);
    if (got == 0) return content;
    content.append(buffer, static_cast<size_t>(got));
    if (content.size() > limit) {
      throw Error(Exit::bad_input, path + ": longer than " + std::to_string(limit) + " bytes");
    }
    if (content.size() == size && static_cast<size_t>(got) < sizeof buffer) return content;
  }
}

std::optional<std::string> read_file_if(const std::string& path, size_t limit) {
  const Fd fd = open_to_read(path);
  const int error = errno;
  if (!fd && !exists(path)) return std::nullopt;  // a dangling link exists: it is damage
  errno = error;
  return read_opened(fd, limit, path);
}

bool exists(const std::string& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG);
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    fail(path, "cannot be removed", errno, Exit::cannot_write);
}

void rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    fail(from, "cannot be renamed to " + to, errno, Exit::cannot_write);
  }
  sync_folder(folder_of(to));
  if (folder_of(from) != folder_of(to)) sync_folder(folder_of(from));
}

void switch_link(const std::string& path, const std::string& target) {
  Temporary link(path);
  link.link_to(target);
  link.move_into_place();
}

std::optional<std::string> read_link(const std::string& path) {
  char target[4096];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  if (length < 0 || static_cast<size_t>(length) == sizeof target) return std::nullopt;
  return std::string(target, static_cast<size_t>(length));
}

std::optional<Fingerprint> fingerprint(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return Fingerprint{facts.st_ino, static_cast<uint64_t>(facts.st_size),
                     facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec};
}

void probe_writable(const std::string& folder) {
  const std::string probe = path_in(folder, "probe");
  try {
    Temporary(probe).write(std::string(4096, '\0'), 0600);
  } catch (const Error& error) {
    throw about_folder(error, probe, folder);
  }
}

void probe_links(const std::string& folder) {
  const std::string probe = path_in(folder, "probe");
  try {
    Temporary(probe).link_to("nowhere");
  } catch (const Error& error) {
    throw Error(Exit::cannot_write, about_folder(error, probe, folder).message,
                "its file system has no symbolic links, which certo needs there: choose another folder");
  }
}

Error about_folder(const Error& error, const std::string& probe, const std::string& folder) {
  const size_t reason = error.message.rfind(": ");
  if (!error.message.starts_with(probe) || reason == std::string::npos) return error;
  Error result = error;
  result.message = folder + ": such a file cannot be made in it" + error.message.substr(reason);
  return result;
}

void set_mode(const Fd& fd, mode_t mode, const std::string& path) {
  if (::fchmod(fd.get(), mode) == 0 || errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) return;
  fail(path, "cannot set the mode", errno, Exit::cannot_write);
}

}  // namespace certo::os
