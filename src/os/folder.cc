// Folders, and the trees below them.
// Implements a part of os/file.h.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "os/failure.h"
#include "os/file.h"
#include "os/path.h"
#include "os/quick.h"

namespace certo::os {
namespace {

using Dir = std::unique_ptr<DIR, int (*)(DIR*)>;

/// Null, and errno, if it cannot be opened.
Dir open_dir(Fd fd) {
  Dir dir(fd ? ::fdopendir(fd.get()) : nullptr, ::closedir);
  if (dir) fd.release();
  return dir;
}

std::vector<std::string> names_in(DIR* dir) {
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(dir)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Removes `name` in the folder `at` and all below it. It removes a link, and not what the link leads to.
void remove_below(int at, const std::string& name, const std::string& subject) {
  constexpr std::string_view unremovable = "cannot be removed";
  if (::unlinkat(at, name.c_str(), 0) == 0 || errno == ENOENT) return;
  if (errno != EISDIR) fail(subject, unremovable, errno, Exit::cannot_write);
  const Dir dir = open_dir(Fd(::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)));
  if (!dir) fail(subject, unremovable, errno, Exit::cannot_write);
  for (const std::string& inner : names_in(dir.get())) {
    remove_below(::dirfd(dir.get()), inner, path_in(subject, inner));
  }
  if (::unlinkat(at, name.c_str(), AT_REMOVEDIR) != 0) fail(subject, unremovable, errno, Exit::cannot_write);
}

}  // namespace

void make_folder(const std::string& path, mode_t mode) {
  constexpr std::string_view uncreatable = "cannot make the folder";
  if (is_folder(path)) return;
  const std::string parent = folder_of(path);
  if (parent != path && !parent.empty()) make_folder(parent, mode);
  if (::mkdir(path.c_str(), mode & 0700) != 0) {
    if (errno == EEXIST && is_folder(path)) return;  // another process was faster
    fail(path, uncreatable, errno, Exit::cannot_write);
  }
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) fail(path, uncreatable, errno, Exit::cannot_write);
  set_mode(fd, mode, path);
  sync_folder(parent);
}

void remove_tree(const std::string& path) { remove_below(AT_FDCWD, path, path); }

std::vector<std::string> list_folder(const std::string& path) {
  const Dir dir = open_dir(Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (dir) return names_in(dir.get());
  if (errno == ENOENT) return {};
  fail(path, "cannot be listed", errno, Exit::bad_input);
}

std::vector<std::string> list_folders(const std::string& path, const char* inner) {
  const Dir dir = open_dir(Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (!dir && errno == ENOENT) return {};
  if (!dir) fail(path, "cannot be listed", errno, Exit::bad_input);
  const auto is_wanted = [&](const dirent& entry) {
    if (!inner && entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
    struct stat facts {};
    const std::string name = inner ? path_in(entry.d_name, inner) : entry.d_name;
    // As exists(): what this user may not see counts.
    if (::fstatat(::dirfd(dir.get()), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
      return inner && errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG;
    return inner || S_ISDIR(facts.st_mode);
  };
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && is_wanted(*entry)) names.emplace_back(name);
  }
  return names;
}

void sync_folder(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) fail(path, "cannot be opened", errno, Exit::cannot_write);
  // Some network file systems cannot sync a folder, and answer EINVAL.
  if (::fsync(fd.get()) != 0 && errno != EINVAL) fail(path, "cannot be synced", errno, Exit::cannot_write);
}

}  // namespace certo::os
