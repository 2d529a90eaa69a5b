#include "os/trust.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "base/warn_once.h"
#include "os/failure.h"
#include "os/file.h"
#include "os/path.h"
#include "os/quick.h"
#include "os/terminal.h"

namespace certo::os {
namespace {

using Stat = struct stat;

bool is_ours(const Stat& facts) { return facts.st_uid == 0 || facts.st_uid == ::geteuid(); }

// An ACL that lets others write shows in the group's bits.
bool is_writable_by_others(const Stat& facts) { return (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0; }

// ---- groups that may write to a folder ----

// The static program has no NSS, so it reads the tables itself.
using Table = std::unique_ptr<FILE, int (*)(FILE*)>;
Table open_table(const char* path) { return Table(std::fopen(path, "re"), std::fclose); }

/// Whether this user is the only member of the group: with a umask of 002, all folders of a user are writable
/// by such a group.
bool is_group_of_this_user_only(gid_t group) {
  const uid_t user = ::geteuid();
  const Table users = open_table("/etc/passwd"), groups = open_table("/etc/group");
  if (!users || !groups) return false;
  std::string own_name;
  while (const passwd* one = ::fgetpwent(users.get())) {
    if (one->pw_uid == user && one->pw_gid == group) own_name = one->pw_name;
    if (one->pw_uid != user && one->pw_gid == group) return false;
  }
  while (const ::group* one = ::fgetgrent(groups.get())) {
    if (one->gr_gid != group) continue;
    for (char** member = one->gr_mem; *member; ++member)
      if (own_name != *member) return false;
  }
  return !own_name.empty();
}

bool is_group_named(gid_t group, std::string_view name) {
  const Table groups = open_table("/etc/group");
  if (!groups) return false;
  while (const ::group* one = ::fgetgrent(groups.get()))
    if (one->gr_gid == group) return one->gr_name == name;
  return false;
}

/// Debian gave /usr/local to the group staff, and says that its members can become root.
bool is_left_to_staff(const std::string& folder, const Stat& facts) {
  if (folder != "/usr/local" && !folder.starts_with("/usr/local/")) return false;
  return facts.st_uid == 0 && (facts.st_mode & S_IWOTH) == 0 && is_group_named(facts.st_gid, "staff");
}

// ---- the way to a file ----

/// A path without links whose folders were checked, for the next file of the state: only root and this user
/// can change one of them afterwards. Without it, a pass over many certificates spends its time here.
thread_local std::string known_way = "/-";

/// Follows `path` from / on, link by link, and checks each folder in which a name is looked up.
class Way {
 public:
  Way(const std::string& path, Codes codes) : path_(path), codes_(codes) {}

  /// The same path without links. The file or folder at its end is not checked.
  std::string follow() {
    if (is_of_state() && path_.starts_with(known_way + "/")) at_ = known_way;
    push(std::string_view(path_).substr(at_.size()));
    while (!left_.empty()) {
      const std::string part = std::move(left_.back());
      left_.pop_back();
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        at_ = at_.substr(0, at_.rfind('/'));  // `at_` has no links
      } else {
        enter(part);
      }
    }
    if (is_of_state() && at_ == path_) known_way = folder_of(folder_of(path_));
    return at_.empty() ? "/" : at_;
  }

 private:
  bool is_of_state() const {
    return codes_.unusable == of_state.unusable && codes_.untrusted == of_state.untrusted;
  }

  void push(std::string_view path) {
    std::vector<std::string> parts = split(path, '/');
    left_.insert(left_.end(), std::make_move_iterator(parts.rbegin()), std::make_move_iterator(parts.rend()));
  }

  void enter(const std::string& part) {
    constexpr int most_links = 40;  // as the kernel
    const std::string entry = at_ + "/" + part;
    Stat facts{};
    if (::lstat(entry.c_str(), &facts) != 0) fail_at(errno);
    require_safe_folder(at_.empty() ? "/" : at_, facts);
    if (!S_ISLNK(facts.st_mode)) {
      at_ = entry;
      return;
    }
    const std::optional<std::string> target = read_link(entry);
    if (!target || ++links_ > most_links) fail_at(ELOOP);
    if (target->starts_with('/')) at_.clear();
    push(*target);
  }

  [[noreturn]] void fail_at(int error) const {
    if (error == ENOENT) throw Error(codes_.unusable, path_ + ": there is no such file", "check the path");
    fail(path_, "cannot be used", error, codes_.unusable);
  }

  /// Throws unless nobody else can exchange the entry of `folder` that has these facts.
  void require_safe_folder(const std::string& folder, const Stat& entry) const {
    Stat facts{};
    if (::stat(folder.c_str(), &facts) != 0) fail_at(errno);
    if (!is_ours(facts)) {
      throw Error(codes_.untrusted, folder + ": belongs to another user, so " + path_ + " is not trusted",
                  "make it yours or root's with chown, or use a path where each folder is yours or root's");
    }
    if (!is_writable_by_others(facts)) return;
    if ((facts.st_mode & S_ISVTX) != 0 && is_ours(entry)) return;
    if (is_left_to_staff(folder, facts))
      return log::warn_once("/usr/local: the group staff can write there, and exchange " + path_);
    const bool only_by_group = (facts.st_mode & S_IWOTH) == 0;
    if (only_by_group && !is_root() && is_group_of_this_user_only(facts.st_gid)) return;
    throw Error(codes_.untrusted, folder + ": others can write to it, so " + path_ + " is not trusted",
                "chmod go-w " + folder);
  }

  const std::string path_;
  const Codes codes_;
  std::string at_;                 // the path up to here, without links; "" for /
  std::vector<std::string> left_;  // the parts that follow, the next one last
  int links_ = 0;
};

/// Whether it is a descriptor of this process, to which no folder leads.
bool is_own_descriptor(const std::string& path) {
  return path.starts_with("/proc/self/fd/") || path.starts_with("/dev/fd/") || path == "/dev/stdin";
}

std::string absolute(const std::string& path) {
  if (path.starts_with('/')) return path;
  const std::unique_ptr<char, void (*)(void*)> folder(::getcwd(nullptr, 0), std::free);
  return (folder ? folder.get() : "") + ("/" + path);
}

std::string resolved(const std::string& path, Codes codes) { return Way(absolute(path), codes).follow(); }

Stat facts_of(const Fd& fd, const std::string& path, Codes codes) {
  Stat facts{};
  if (::fstat(fd.get(), &facts) != 0) fail(path, "cannot be used", errno, codes.unusable);
  return facts;
}

void require_own_file(const std::string& path, const Stat& facts, Codes codes) {
  if (!S_ISREG(facts.st_mode)) throw Error(codes.unusable, path + ": not a regular file");
  if (!is_ours(facts)) {
    throw Error(codes.untrusted, path + ": belongs to another user, so it is not trusted",
                "make it yours or root's with chown");
  }
  if (is_writable_by_others(facts))
    throw Error(codes.untrusted, path + ": others can write to it, so it is not trusted",
                "chmod go-w " + path);
}

/// Whether the entries of this folder are safe, whoever they belong to.
bool is_closed_to_others(const Stat& folder) {
  return S_ISDIR(folder.st_mode) && is_ours(folder) && !is_writable_by_others(folder);
}

/// A file in a folder next to which another file of the state was read: most of a pass is that. The checks
/// are the same, with fewer calls. Nothing, and errno, if there is none, and if it needs a closer look.
Fd open_as_before(const std::string& path, Codes codes) {
  errno = EAGAIN;
  const std::string folder = folder_of(path);
  if (codes.unusable != of_state.unusable || codes.untrusted != of_state.untrusted) return Fd();
  if (folder_of(folder) != known_way) return Fd();
  Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return fd;
  Stat outer{}, inner{};
  const bool is_safe = ::lstat(known_way.c_str(), &outer) == 0 && is_closed_to_others(outer) &&
                       ::lstat(folder.c_str(), &inner) == 0 && is_closed_to_others(inner);
  if (is_safe) return fd;
  errno = EAGAIN;
  return Fd();
}

/// Opens `real`, to which `path` leads.
Fd open_own_file(const std::string& path, const std::string& real, int flags, Codes codes) {
  // O_NONBLOCK: a FIFO without a writer must not stop us.
  Fd fd(::open(real.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) fail(path, "cannot be read", errno, codes.unusable);
  require_own_file(path, facts_of(fd, path, codes), codes);
  return fd;
}

}  // namespace

Fd open_trusted(const std::string& path, Codes codes) {
  if (is_own_descriptor(path)) return open_own_file(path, path, O_RDONLY, codes);
  return open_own_file(path, resolved(path, codes), O_RDONLY | O_NOFOLLOW, codes);
}

std::string trusted_path(const std::string& path, Codes codes) {
  std::string real = resolved(path, codes);
  open_own_file(path, real, O_PATH | O_NOFOLLOW, codes);
  return real;
}

std::string read_trusted(const std::string& path, Codes codes, size_t limit) {
  return read_regular(open_trusted(path, codes), limit, path);
}

std::optional<std::string> read_trusted_if(const std::string& path, Codes codes, size_t limit) {
  if (const Fd fd = open_as_before(path, codes)) {
    const Stat facts = facts_of(fd, path, codes);
    require_own_file(path, facts, codes);
    return read_regular(fd, facts, limit, path);
  }
  if (errno == ENOENT || !exists(path)) return std::nullopt;
  try {
    return read_trusted(path, codes, limit);
  } catch (const Error&) {
    if (exists(path)) throw;  // a dangling link, too: it is damage
    return std::nullopt;      // removed meanwhile
  }
}

std::string read_private(const std::string& path, Codes codes, size_t limit) {
  const Fd fd = open_trusted(path, codes);
  if ((facts_of(fd, path, codes).st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw Error(codes.untrusted, path + ": others can read it, and it holds secrets", "chmod 600 " + path);
  }
  return read_regular(fd, limit, path);
}

void require_private_folder(const std::string& path) {
  constexpr Codes codes{Exit::not_permitted, Exit::not_permitted};
  const Fd fd(::open(resolved(path, codes).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd && errno == ENOTDIR) throw Error(Exit::not_permitted, path + ": not a folder");
  if (!fd) fail(path, "cannot be used", errno, Exit::not_permitted);
  const Stat facts = facts_of(fd, path, codes);
  if (!is_ours(facts)) {
    throw Error(Exit::not_permitted, path + ": belongs to another user",
                "run as that user, or choose another folder with --home");
  }
  if (is_writable_by_others(facts))
    throw Error(Exit::not_permitted, path + ": others can write to this folder", "chmod go-w " + path);
}

}  // namespace certo::os
