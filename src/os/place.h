// Files in folders of other programs: written next to their place, then renamed into it, and the previous
// file is kept until it is certain that nobody needs it again.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "os/fd.h"

namespace certo::os {

enum class Kind { file, folder, link, other };

/// The kind of a name, and its owner; for a link, those of the link itself.
struct Facts {
  Kind kind = Kind::file;
  mode_t mode = 0;  // permission bits
  uid_t owner = 0;
  gid_t group = 0;
};
std::optional<Facts> facts(const std::string& path);
/// "0640"
std::string octal(mode_t mode);
/// The folders on the way to `path` that other users cannot enter: "/home/u (mode 0700)".
std::vector<std::string> closed_folders(const std::string& path);

/// The owner and group of files that this process makes.
uid_t own_user();
gid_t own_group();
/// The id for a name in /etc/passwd or /etc/group, or for a number. Error{usage} for an unknown name.
uid_t user_id(const std::string& name);
/// "www-data", or "user 1234" if nobody has the number.
std::string user_name(uid_t user);
gid_t group_id(const std::string& name);

/// A folder on the way is a link, and no link is followed there.
struct LinkInPath : Error {
  LinkInPath(const std::string& link_path, const std::string& leads_to);
  std::string link, destination;
};

/// Error{cannot_write}: the folder `path` is missing.
Error no_such_folder(const std::string& path);

/// One such folder, reached without following a link. Everything is done relative to its descriptor, so
/// nobody redirects it by exchanging a folder on the way. A name is one part of a path.
class Place {
 public:
  /// `path` is absolute. Throws LinkInPath, or Error{cannot_write} if there is no such folder.
  explicit Place(const std::string& path);
  /// The same; nothing if there is no such folder.
  static std::optional<Place> find(const std::string& path);

  const std::string& path() const { return path_; }
  std::string path_of(const std::string& name) const { return path_ + "/" + name; }

  std::optional<Facts> facts(const std::string& name) const;
  std::optional<std::string> read_link(const std::string& name) const;
  std::string read(const std::string& name, size_t limit) const;
  std::vector<std::string> list() const;  // sorted

  /// Makes the file and brings it to the disk. Owner and mode are set while it is still empty. The name must
  /// not exist. Throws Error{cannot_write} if others can read the file in spite of `facts.mode`, because the
  /// file system does not store modes. `facts.kind` does not count.
  void write_new(const std::string& name, std::string_view content, const Facts& facts) const;
  void link_new(const std::string& name, const std::string& destination) const;
  Place make_folder(const std::string& name, mode_t mode) const;

  /// Gives the file or link `name` the second name `copy`, which must not exist; a true copy if the file
  /// system has no hard links.
  void keep_as(const std::string& name, const std::string& copy) const;
  /// Puts back what `keep_as` kept: afterwards there is `name` as it was and no `copy`. Fine if there is
  /// none.
  void take_back(const std::string& copy, const std::string& name) const;

  void rename(const std::string& from, const std::string& to) const;  // and sync
  void remove(const std::string& name) const;                         // fine if gone
  void remove_tree(const std::string& name) const;                    // follows no link; fine if gone
  void sync() const;
  /// Throws Error{cannot_write} or {not_permitted} if a file of a few KiB and this mode cannot be made,
  /// synced and removed.
  void require_writable(mode_t mode) const;
  /// Whether a file system is mounted at `name`, as Docker does for a single file: it cannot be replaced.
  bool is_mount(const std::string& name) const;
  /// Whether the file has other names (hard links), which would keep the old content if it were replaced.
  bool has_other_names(const std::string& name) const;
  /// Throws Error{cannot_write} or {not_permitted} if the file system is read-only, or if this user may
  /// neither replace the file nor, if it is a mount or has other names, write into it. Writes nothing.
  void require_changeable(const std::string& name) const;
  /// Gives the file `to` the extended attributes of `from`: the access list (ACL) and the label of SELinux. A
  /// file system without them is fine. A list that only `to` has goes.
  void copy_attributes(const std::string& from, const std::string& to) const;
  /// Writes into the existing file, which cannot be replaced. A power cut leaves it half written.
  void overwrite(const std::string& name, std::string_view content) const;

 private:
  friend class Places;
  Place(std::string path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  Fd fd_;
};

/// Several of them, each opened once, and locked together.
class Places {
 public:
  /// Opens it, unless it is open. False if there is no such folder. Throws as Place::find does.
  bool open(const std::string& path);
  const Place* find(const std::string& path) const;  // null if it is not open

  /// Locks all that are open until this object ends: flock on the descriptors, so that every certo that
  /// writes there meets this lock, whatever its state folder and its user. All runs lock in the same order. A
  /// file system that cannot lock a folder (NFS) is not locked. Throws Error{later} after `wait`.
  void lock(Millis wait);

 private:
  std::map<std::string, Place> all_;
};

}  // namespace certo::os
