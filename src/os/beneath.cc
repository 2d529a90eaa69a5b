// Names from outside that are used below one folder: tokens in a webroot.
// Implements a part of os/file.h.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "os/failure.h"
#include "os/file.h"
#include "os/path.h"
#include "os/place.h"
#include "os/walk.h"

namespace certo::os {
namespace {

constexpr int folder_flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// The parts of a relative name. Throws Error{bad_input} for one that could lead elsewhere.
std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts = split(name, '/');
  const bool leads_elsewhere = std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.empty() || part == "." || part == ".." || part.find('\0') != std::string::npos;
  });
  if (leads_elsewhere) throw Error(Exit::bad_input, "\"" + name + "\" is not a plain relative name");
  return parts;
}

[[noreturn]] void fail_on_the_way(const std::string& path, int error) {
  if (error == ELOOP || error == ENOTDIR || error == EXDEV) {
    throw Error(Exit::cannot_write, path + ": is not a folder", "remove it, or name another folder");
  }
  fail(path, "cannot be opened", error, Exit::cannot_write);
}

[[noreturn]] void refuse_link(const std::string& path, const struct stat& link, const struct stat& folder) {
  throw Error(Exit::not_permitted,
              path + ": this link of " + user_name(link.st_uid) + " leads to a folder of " +
                  user_name(folder.st_uid) + ", so it is not followed",
              "name the folder itself with --challenge-dir DIR");
}

/// Follows the link `name` if it belongs to root or to this user, who may point where they want, or if it
/// leads to a folder of its own owner. The owners are those of the descriptors that are used.
Fd follow(int parent, const std::string& name, const std::string& path) {
  const Fd link(::openat(parent, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat link_facts {};
  if (!link || ::fstat(link.get(), &link_facts) != 0) fail_on_the_way(path, errno);
  if (!S_ISLNK(link_facts.st_mode)) fail_on_the_way(path, ENOTDIR);
  char target[4096];
  const ssize_t length = ::readlinkat(link.get(), "", target, sizeof target);
  if (length < 0 || static_cast<size_t>(length) == sizeof target) fail_on_the_way(path, errno);
  Fd folder(::openat(parent, std::string(target, static_cast<size_t>(length)).c_str(),
                     O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct stat folder_facts {};
  if (!folder || ::fstat(folder.get(), &folder_facts) != 0)
    fail(path, "this link cannot be followed", errno, Exit::cannot_write);
  const bool is_trusted = link_facts.st_uid == 0 || link_facts.st_uid == own_user();
  if (!is_trusted && link_facts.st_uid != folder_facts.st_uid) refuse_link(path, link_facts, folder_facts);
  return folder;
}

/// Nothing, with ENOENT, if somebody else has removed `parent` or the new folder, which were empty.
Fd make_and_open(int parent, const std::string& name, const std::string& path) {
  if (::mkdirat(parent, name.c_str(), 0755) != 0 && errno != EEXIST) {
    if (errno == ENOENT) return {};
    fail(path, "cannot make the folder", errno, Exit::cannot_write);
  }
  Fd made(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!made && errno == ENOENT) return {};
  if (!made) fail_on_the_way(path, errno);
  set_mode(made, 0755, path);
  return made;
}

/// Gives the file its mode, then its content. It is not synced: after a power cut the next run removes it.
void fill(Fd fd, std::string_view content, mode_t mode, const std::string& path) {
  set_mode(fd, mode, path);
  write_all(fd.get(), content, path);
  // A network file system may report a full disk only now.
  if (::close(fd.release()) != 0) fail(path, "cannot be written", errno, Exit::cannot_write);
}

}  // namespace

Beneath::Beneath(const std::string& root)
    : root_(root), fd_(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (!fd_) fail(root, "cannot be used as a folder", errno, Exit::bad_input);
}

/// The folder that contains `name`; nothing if it does not exist and is not made.
Fd Beneath::open_folder(const std::string& name, IfMissing what) {
  std::vector<std::string> parts = parts_of(name);
  parts.pop_back();
  const std::string folder = parts.empty() ? "." : join(parts, "/");
  Fd at = walk(fd_.get(), folder, O_PATH);
  if (at) return at;
  if (errno == ENOENT && what == IfMissing::nothing) return {};
  const bool may_be_link = errno == ELOOP || errno == ENOTDIR;
  if (errno != ENOENT && !may_be_link) fail_on_the_way(root_ + "/" + folder, errno);

  at = Fd(::openat(fd_.get(), ".", folder_flags));
  std::string path = root_;
  for (const std::string& part : parts) {
    path += "/" + part;
    Fd next(::openat(at.get(), part.c_str(), folder_flags));
    if (!next && (errno == ELOOP || errno == ENOTDIR)) next = follow(at.get(), part, path);
    if (!next && errno != ENOENT) fail_on_the_way(path, errno);
    if (!next && what == IfMissing::nothing) return {};
    if (!next) next = make_and_open(at.get(), part, path);
    if (!next) return {};
    at = std::move(next);
  }
  return at;
}

uint64_t Beneath::create(const std::string& name, std::string_view content, mode_t mode) {
  const std::string last = name_of(name);
  const std::string path = root_ + "/" + name;
  // Another certificate of the same webroot may remove a folder that is empty, before the file is in it.
  constexpr int most_tries = 100;
  Fd file;
  errno = ENOENT;
  for (int tries = 0; !file && errno == ENOENT && tries < most_tries; ++tries) {
    const Fd folder = open_folder(name, IfMissing::make);
    if (!folder) continue;
    file =
        Fd(::openat(folder.get(), last.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  }
  if (!file) fail(path, "cannot be made", errno, Exit::cannot_write);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) fail(path, "cannot be made", errno, Exit::cannot_write);
  try {
    fill(std::move(file), content, mode, path);
  } catch (const Error&) {
    remove(name, facts.st_ino);
    throw;
  }
  return facts.st_ino;
}

void Beneath::remove(const std::string& name, uint64_t inode) {
  const Fd folder = open_folder(name, IfMissing::nothing);
  if (!folder) return;
  const std::string last = name_of(name);
  struct stat facts {};
  const bool is_ours = ::fstatat(folder.get(), last.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
                       S_ISREG(facts.st_mode) && facts.st_ino == inode;
  if (!is_ours || ::unlinkat(folder.get(), last.c_str(), 0) == 0 || errno == ENOENT) return;
  fail(root_ + "/" + name, "cannot be removed", errno, Exit::cannot_write);
}

void Beneath::remove_folder_if_empty(const std::string& name) {
  const Fd folder = open_folder(name, IfMissing::nothing);
  if (folder) ::unlinkat(folder.get(), name_of(name).c_str(), AT_REMOVEDIR);
}

}  // namespace certo::os
