// os::Place and os::Places (os/place.h): everything but whose files they are.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/log.h"
#include "os/failure.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"
#include "os/random.h"
#include "os/signals.h"
#include "os/unit.h"
#include "os/walk.h"

namespace certo::os {
namespace {

constexpr std::string_view unwritable = "cannot be written";
constexpr size_t largest_kept = 16 << 20;
constexpr mode_t read_or_write_of_others = S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;

/// A hard link is also refused to a user who does not own the file (fs.protected_hardlinks).
bool may_be_copied(int error) {
  return error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK || error == EACCES;
}

/// chmod has no effect on some file systems (CIFS, vfat): the mode that counts is the one that they show. A
/// file that all users may read holds no secret.
void require_closed(int fd, mode_t wanted, const std::string& path) {
  struct stat made {};
  if ((wanted & S_IROTH) != 0) return;
  if (::fstat(fd, &made) != 0) fail(path, unwritable, errno, Exit::cannot_write);
  if ((made.st_mode & read_or_write_of_others & ~wanted) == 0) return;
  throw Error(
      Exit::cannot_write,
      path + ": its mode is " + octal(made.st_mode & 0777) + " although " + octal(wanted) +
          " was set, so other users could read it",
      "this file system does not store modes: mount it with narrower ones (umask=077, or file_mode=0600 for CIFS), or allow it with --key-mode " +
          octal(made.st_mode & 0777));
}

}  // namespace

std::string octal(mode_t mode) {
  std::string text;
  for (int shift = 9; shift >= 0; shift -= 3) text += static_cast<char>('0' + ((mode >> shift) & 7));
  return text;
}

std::vector<std::string> closed_folders(const std::string& path) {
  std::vector<std::string> closed;
  for (std::string folder = path; folder != "/" && folder != "."; folder = folder_of(folder)) {
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0 || (info.st_mode & S_IXOTH) != 0) continue;
    closed.push_back(folder + " (mode " + octal(info.st_mode) + ")");
  }
  return closed;
}

LinkInPath::LinkInPath(const std::string& link_path, const std::string& leads_to)
    : Error(Exit::cannot_write, link_path + " is a link to " + leads_to + ", which is not followed"),
      link(link_path),
      destination(leads_to) {}

std::optional<Place> Place::find(const std::string& path) {
  Fd fd = walk(AT_FDCWD, path, O_RDONLY);
  if (fd) return Place(path, std::move(fd));
  const int error = errno;
  if (const auto link = first_link(path)) throw LinkInPath(*link, os::read_link(*link).value_or("?"));
  if (error == ENOENT) return {};
  fail(path, "cannot be opened", error, Exit::cannot_write);
}

Error no_such_folder(const std::string& path) {
  const std::string hidden = hint_of_private_tmp(path);
  return {Exit::cannot_write, path + ": there is no such folder",
          hidden.empty() ? "create it first: certo does not guess who should own it" : hidden};
}

Place::Place(const std::string& path) : path_(path) {
  std::optional<Place> found = find(path);
  if (!found) throw no_such_folder(path);
  fd_ = std::move(found->fd_);
}

std::optional<std::string> Place::read_link(const std::string& name) const {
  char target[4096];
  const ssize_t length = ::readlinkat(fd_.get(), name.c_str(), target, sizeof target);
  if (length < 0 || static_cast<size_t>(length) == sizeof target) return std::nullopt;
  return std::string(target, static_cast<size_t>(length));
}

std::string Place::read(const std::string& name, size_t limit) const {
  const Fd fd(::openat(fd_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!fd) fail(path_of(name), "cannot be read", errno, Exit::cannot_write);
  return read_all(fd.get(), limit, path_of(name));
}

std::vector<std::string> Place::list() const {
  Fd fd(::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(fd ? ::fdopendir(fd.get()) : nullptr, ::closedir);
  if (!folder) fail(path_, "cannot be listed", errno, Exit::cannot_write);
  fd.release();
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::ranges::sort(names);
  return names;
}

void Place::write_new(const std::string& name, std::string_view content, const Facts& facts) const {
  const std::string path = path_of(name);
  Fd fd(::openat(fd_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  struct stat made {};
  if (!fd || ::fstat(fd.get(), &made) != 0) fail(path, unwritable, errno, Exit::cannot_write);
  const bool is_theirs = made.st_uid == facts.owner && made.st_gid == facts.group;
  if (!is_theirs && ::fchown(fd.get(), facts.owner, facts.group) != 0)
    fail(path, "cannot be given to its owner", errno, Exit::cannot_write);
  set_mode(fd, facts.mode, path);
  require_closed(fd.get(), facts.mode, path);
  write_all(fd.get(), content, path);
  if (::fsync(fd.get()) != 0) fail(path, unwritable, errno, Exit::cannot_write);
  if (::close(fd.release()) != 0) fail(path, unwritable, errno, Exit::cannot_write);
}

void Place::link_new(const std::string& name, const std::string& destination) const {
  if (::symlinkat(destination.c_str(), fd_.get(), name.c_str()) != 0)
    fail(path_of(name), unwritable, errno, Exit::cannot_write);
}

Place Place::make_folder(const std::string& name, mode_t mode) const {
  constexpr std::string_view uncreatable = "cannot make the folder";
  if (::mkdirat(fd_.get(), name.c_str(), mode & 0700) != 0)
    fail(path_of(name), uncreatable, errno, Exit::cannot_write);
  Fd made(::openat(fd_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!made) fail(path_of(name), uncreatable, errno, Exit::cannot_write);
  set_mode(made, mode, path_of(name));
  return {path_of(name), std::move(made)};
}

void Place::keep_as(const std::string& name, const std::string& copy) const {
  if (::linkat(fd_.get(), name.c_str(), fd_.get(), copy.c_str(), 0) == 0) return;
  if (!may_be_copied(errno)) fail(path_of(copy), unwritable, errno, Exit::cannot_write);
  if (const auto destination = read_link(name)) return link_new(copy, *destination);
  write_new(copy, read(name, largest_kept), facts(name).value_or(Facts{}));
}

void Place::take_back(const std::string& copy, const std::string& name) const {
  if (!facts(copy)) return;
  rename(copy, name);
  remove(copy);  // a rename between two names of one file does nothing
}

void Place::rename(const std::string& from, const std::string& to) const {
  if (::renameat(fd_.get(), from.c_str(), fd_.get(), to.c_str()) != 0)
    fail(path_of(from), "cannot be renamed to " + path_of(to), errno, Exit::cannot_write);
  sync();
}

void Place::remove(const std::string& name) const {
  if (::unlinkat(fd_.get(), name.c_str(), 0) == 0 || errno == ENOENT) return;
  const int error = errno;
  // A file system that is read-only does not look whether there is such a file.
  if (error != EROFS || facts(name)) fail(path_of(name), "cannot be removed", error, Exit::cannot_write);
}

void Place::remove_tree(const std::string& name) const {
  if (::unlinkat(fd_.get(), name.c_str(), 0) == 0 || errno == ENOENT) return;
  if (errno != EISDIR) fail(path_of(name), "cannot be removed", errno, Exit::cannot_write);
  Fd inner(::openat(fd_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!inner) fail(path_of(name), "cannot be removed", errno, Exit::cannot_write);
  const Place folder(path_of(name), std::move(inner));
  for (const std::string& one : folder.list()) folder.remove_tree(one);
  if (::unlinkat(fd_.get(), name.c_str(), AT_REMOVEDIR) != 0)
    fail(path_of(name), "cannot be removed", errno, Exit::cannot_write);
}

void Place::sync() const {
  // Some network file systems cannot sync a folder, and say so with EINVAL.
  if (::fsync(fd_.get()) != 0 && errno != EINVAL) fail(path_, "cannot be synced", errno, Exit::cannot_write);
}

void Place::require_writable(mode_t mode) const {
  const std::string name = ".probe.tmp-" + random_name(6);
  try {
    write_new(name, std::string(4096, '\0'), {.mode = mode, .owner = own_user(), .group = own_group()});
  } catch (const Error& error) {
    ::unlinkat(fd_.get(), name.c_str(), 0);
    throw about_folder(error, path_of(name), path_);
  }
  remove(name);
}

bool Place::is_mount(const std::string& name) const {
  struct statx facts {};
  return ::statx(fd_.get(), name.c_str(), AT_SYMLINK_NOFOLLOW, 0, &facts) == 0 &&
         (facts.stx_attributes_mask & facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

bool Place::has_other_names(const std::string& name) const {
  struct stat facts {};
  return ::fstatat(fd_.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && facts.st_nlink > 1;
}

void Place::require_changeable(const std::string& name) const {
  const bool stays = is_mount(name) || has_other_names(name);
  if (::faccessat(fd_.get(), stays ? name.c_str() : ".", W_OK, AT_EACCESS) != 0)
    fail(path_of(name), unwritable, errno, Exit::cannot_write);
}

void Place::copy_attributes(const std::string& from, const std::string& to) const {
  const Fd source(::openat(fd_.get(), from.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  const Fd copy(::openat(fd_.get(), to.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!source || !copy) fail(path_of(from), "cannot be read", errno, Exit::cannot_write);
  // The folder may have a list for its new files, which would open this one for others.
  constexpr const char* access_list = "system.posix_acl_access";
  if (::fgetxattr(source.get(), access_list, nullptr, 0) < 0 && errno == ENODATA &&
      ::fremovexattr(copy.get(), access_list) != 0 && errno != ENODATA)
    fail(path_of(to), "keeps an access list that it has from its folder", errno, Exit::cannot_write);
  std::string names(64 << 10, '\0'), value(64 << 10, '\0');
  const ssize_t length = ::flistxattr(source.get(), names.data(), names.size());
  for (const char* name = names.data(); length > 0 && name < names.data() + length;
       name += std::strlen(name) + 1) {
    const ssize_t size = ::fgetxattr(source.get(), name, value.data(), value.size());
    if (size < 0) continue;  // this user may not see it
    if (::fsetxattr(copy.get(), name, value.data(), static_cast<size_t>(size), 0) != 0)
      fail(path_of(to), "cannot be given the attribute " + std::string(name), errno, Exit::cannot_write);
  }
}

void Place::overwrite(const std::string& name, std::string_view content) const {
  Fd fd(::openat(fd_.get(), name.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  const auto size = static_cast<off_t>(content.size());
  // The place on the disk comes first, so that a full disk leaves the file as it is.
  const bool has_place = fd && (size == 0 || ::fallocate(fd.get(), FALLOC_FL_KEEP_SIZE, 0, size) == 0 ||
                                errno == EOPNOTSUPP || errno == ENOSYS);
  if (!has_place) fail(path_of(name), unwritable, errno, Exit::cannot_write);
  write_all(fd.get(), content, path_of(name));
  if (::ftruncate(fd.get(), size) != 0 || ::fsync(fd.get()) != 0)
    fail(path_of(name), unwritable, errno, Exit::cannot_write);
}

bool Places::open(const std::string& path) {
  if (all_.contains(path)) return true;
  std::optional<Place> found = Place::find(path);
  if (!found) return false;
  all_.emplace(path, *std::move(found));
  return true;
}

const Place* Places::find(const std::string& path) const {
  const auto found = all_.find(path);
  return found == all_.end() ? nullptr : &found->second;
}

void Places::lock(Millis wait) {
  // One folder may be open under two paths (a bind mount); the second lock would wait for the first.
  std::map<std::pair<dev_t, ino_t>, const Place*> in_order;
  for (const auto& [path, place] : all_) {
    struct stat facts {};
    if (::fstat(place.fd_.get(), &facts) != 0) fail(path, "cannot be looked at", errno, Exit::cannot_write);
    in_order.emplace(std::pair(facts.st_dev, facts.st_ino), &place);
  }
  const Deadline end(wait);
  for (const auto& [id, place] : in_order) {
    std::optional<log::Waiting> shown;
    for (Millis pause(10); ::flock(place->fd_.get(), LOCK_EX | LOCK_NB) != 0;) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) {
        log::verbose(place->path() + ": cannot be locked: " + reason(errno));
        break;
      }
      if (end.passed())
        throw Error(
            Exit::later, place->path() + ": another program has locked this folder",
            "another certo installs files there; try again later, or wait longer with --lock-timeout");
      if (!shown) shown.emplace("waiting for another certo, which installs files in " + place->path());
      sleep_for(std::min(pause, end.left()));
      pause = std::min(pause * 2, Millis(250));
    }
  }
}

}  // namespace certo::os
