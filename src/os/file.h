// Files and folders. Every write goes to a temporary name in the same folder (os/temporary.h): open with the
// mode, write, fsync, rename, fsync the folder. So a reader, and the next run after a power cut, sees either
// the old content or the new one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "os/fd.h"

namespace certo::os {

/// Throws Error{cannot_write} (full disk, read-only) or {not_permitted}, and keeps the old content then. The
/// mode is exact, whatever the umask.
void write_file(const std::string& path, std::string_view content, mode_t mode);

/// The whole file, which must be a regular one of at most `limit` bytes. Throws Error{bad_input} or
/// {not_permitted}.
std::string read_file(const std::string& path, size_t limit = 1 << 20);
/// The same; nothing if there is no such file.
std::optional<std::string> read_file_if(const std::string& path, size_t limit = 1 << 20);
/// The same of a file that is open already; `path` is for messages.
std::string read_regular(const Fd& fd, size_t limit, const std::string& path);
/// All that comes from a descriptor (stdin), at most `limit` bytes.
std::string read_all(int fd, size_t limit, const std::string& subject);
/// Writes all of `content`. Error{cannot_write} for a closed pipe (EPIPE) too.
void write_all(int fd, std::string_view content, const std::string& subject);

/// True for a dangling link, and if this user may not see it: whoever uses it then learns why.
bool exists(const std::string& path);
void make_folder(const std::string& path, mode_t mode);       // and its parents, with `mode`; it may exist
void remove_file(const std::string& path);                    // it may be gone
void remove_tree(const std::string& path);                    // follows no link; it may be gone
void rename(const std::string& from, const std::string& to);  // and fsync of the folder
/// Points the link `path` at `target` by renaming a new link over it.
void switch_link(const std::string& path, const std::string& target);
std::optional<std::string> read_link(const std::string& path);
std::vector<std::string> list_folder(const std::string& path);  // sorted, without . and ..; empty if absent
void sync_folder(const std::string& path);

/// Changes when the file changes, and needs no reading of it.
struct Fingerprint {
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  bool operator==(const Fingerprint&) const = default;
};
std::optional<Fingerprint> fingerprint(const std::string& path);  // follows links

/// Throws Error{cannot_write} or {not_permitted} if a file of a few KiB cannot be created, synced and removed
/// in `folder`. Called before the CA is asked for anything.
void probe_writable(const std::string& folder);
/// The same for a symbolic link, which FAT and CIFS do not have.
void probe_links(const std::string& folder);
/// An error about the file `probe`, which was made only to try `folder`, told about the folder: nobody knows
/// that file. Another error as it is.
Error about_folder(const Error& error, const std::string& probe, const std::string& folder);

/// Sets the mode of a new file or folder exactly. A file system that does not store modes may refuse to (FAT,
/// pmxcfs): then the caller has to look at the mode that it shows, if that matters.
void set_mode(const Fd& fd, mode_t mode, const std::string& path);

/// A folder below which names from outside are used. No name leads out of it: names are resolved by
/// openat2(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS) or, if that is not possible, part by part with O_NOFOLLOW.
/// A link in the place of a folder is followed if it belongs to root or to this user, or if it leads to a
/// folder of its own owner; another one is Error{not_permitted}.
class Beneath {
 public:
  explicit Beneath(const std::string& root);  // Error{bad_input} if it is not a folder
  /// Creates `name` with O_CREAT|O_EXCL|O_NOFOLLOW, and the folders on the way with 0755. The mode is exact.
  /// Returns the inode of the new file. Throws Error{cannot_write} (also if the name exists) or
  /// {not_permitted}.
  uint64_t create(const std::string& name, std::string_view content, mode_t mode);
  /// Removes `name` if it is still the inode that we created.
  void remove(const std::string& name, uint64_t inode);
  /// Removes the folder `name` if it is empty.
  void remove_folder_if_empty(const std::string& name);

 private:
  enum class IfMissing { nothing, make };
  Fd open_folder(const std::string& name, IfMissing what);

  std::string root_;
  Fd fd_;
};

}  // namespace certo::os
