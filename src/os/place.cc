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

constexpr int64_t largest_id = UINT32_MAX - 1;  // the last one means "leave it"

// The static program has no NSS: getpwnam would load what nsswitch.conf names.
using Table = std::unique_ptr<FILE, int (*)(FILE*)>;
Table open_table(const char* path) { return Table(std::fopen(path, "re"), std::fclose); }

[[noreturn]] void unknown(const char* kind, const std::string& name, const char* table) {
  throw Error(Exit::usage, "there is no " + std::string(kind) + " '" + name + "' in " + table,
              "if the name comes from another source (LDAP), give its number instead");
}

std::optional<Facts> facts_at(int folder, const std::string& name, const std::string& path) {
  struct stat found {};
  if (::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    fail(path, "cannot be looked at", errno, Exit::cannot_write);
  }
  Kind kind = Kind::other;
  if (S_ISREG(found.st_mode)) kind = Kind::file;
  if (S_ISDIR(found.st_mode)) kind = Kind::folder;
  if (S_ISLNK(found.st_mode)) kind = Kind::link;
  return Facts{kind, found.st_mode & 07777, found.st_uid, found.st_gid};
}

}  // namespace

std::optional<Facts> facts(const std::string& path) { return facts_at(AT_FDCWD, path, path); }
std::optional<Facts> Place::facts(const std::string& name) const {
  return facts_at(fd_.get(), name, path_of(name));
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

std::string user_name(uid_t user) {
  if (const Table users = open_table("/etc/passwd")) {
    while (const passwd* one = ::fgetpwent(users.get()))
      if (one->pw_uid == user) return one->pw_name;
  }
  return "user " + std::to_string(user);
}

gid_t group_id(const std::string& name) {
  if (const auto id = number(name, 0, largest_id)) return static_cast<gid_t>(*id);
  if (const Table groups = open_table("/etc/group")) {
    while (const group* one = ::fgetgrent(groups.get()))
      if (name == one->gr_name) return one->gr_gid;
  }
  unknown("group", name, "/etc/group");
}

}  // namespace certo::os
