#include "os/place.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "base/text.h"
#include "os/failure.h"
#include "os/file.h"
#include "os/path.h"

namespace certo::os {
namespace {

constexpr std::string_view unwritable = "cannot be written";
constexpr size_t largest_kept = 16 << 20;

constexpr int64_t largest_id = UINT32_MAX - 1;  // the last one means "leave it"

// The static program has no NSS: getpwnam would load what nsswitch.conf names.
using Table = std::unique_ptr<FILE, int (*)(FILE*)>;
Table open_table(const char* path) { return Table(std::fopen(path, "re"), std::fclose); }

[[noreturn]] void unknown(const char* kind, const std::string& name, const char* table) {
  throw Error(Exit::usage, "there is no " + std::string(kind) + " '" + name + "' in " + table,
              "if the name comes from another source (LDAP), give the number");
}

/// The kernel also refuses a hard link to a file of another user (fs.protected_hardlinks).
bool may_be_copied(int error) {
  return error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK || error == EACCES;
}

}  // namespace

std::optional<Facts> facts(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    fail(path, "cannot be examined", errno, Exit::cannot_write);
  }
  Kind kind = Kind::other;
  if (S_ISREG(found.st_mode)) kind = Kind::file;
  if (S_ISDIR(found.st_mode)) kind = Kind::folder;
  if (S_ISLNK(found.st_mode)) kind = Kind::link;
  return Facts{kind, found.st_mode & 07777, found.st_uid, found.st_gid};
}

uid_t own_user() { return ::geteuid(); }
gid_t own_group() { return ::getegid(); }

uid_t user_id(const std::string& name) {
  if (const auto id = number(name, 0, largest_id)) return static_cast<uid_t>(*id);
  if (const Table users = open_table("/etc/passwd")) {
    while (const passwd* user = ::fgetpwent(users.get()))
      if (name == user->pw_name) return user->pw_uid;
  }
  unknown("user", name, "/etc/passwd");
}

gid_t group_id(const std::string& name) {
  if (const auto id = number(name, 0, largest_id)) return static_cast<gid_t>(*id);
  if (const Table groups = open_table("/etc/group")) {
    while (const group* one = ::fgetgrent(groups.get()))
      if (name == one->gr_name) return one->gr_gid;
  }
  unknown("group", name, "/etc/group");
}

void write_new(const std::string& path, std::string_view content, const Facts& facts) {
  remove_file(path);
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  struct stat made {};
  if (!fd || ::fstat(fd.get(), &made) != 0) fail(path, unwritable, errno, Exit::cannot_write);
  const bool is_theirs = made.st_uid == facts.owner && made.st_gid == facts.group;
  if (!is_theirs && ::fchown(fd.get(), facts.owner, facts.group) != 0)
    fail(path, "cannot be given to its owner", errno, Exit::cannot_write);
  if (::fchmod(fd.get(), facts.mode) != 0) fail(path, unwritable, errno, Exit::cannot_write);
  write_all(fd.get(), content, path);
  if (::fsync(fd.get()) != 0) fail(path, unwritable, errno, Exit::cannot_write);
  if (::close(fd.release()) != 0) fail(path, unwritable, errno, Exit::cannot_write);
}

void link_new(const std::string& path, const std::string& destination) {
  remove_file(path);
  if (::symlink(destination.c_str(), path.c_str()) != 0) fail(path, unwritable, errno, Exit::cannot_write);
}

void keep_as(const std::string& path, const std::string& copy) {
  remove_file(copy);
  if (::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, copy.c_str(), 0) == 0) return;
  if (!may_be_copied(errno)) fail(copy, unwritable, errno, Exit::cannot_write);
  if (const auto destination = read_link(path)) return link_new(copy, *destination);
  write_new(copy, read_file(path, largest_kept), facts(path).value_or(Facts{}));
}

void take_back(const std::string& copy, const std::string& path) {
  if (!exists(copy)) return;
  rename(copy, path);
  remove_file(copy);  // a rename between two names of one file does nothing
}

}  // namespace certo::os
