// Files and folders. Every write is: a temporary name in the same folder, mode at
// open, write, fsync, rename, fsync the folder. So a reader, and the next run after
// a power cut, sees the old content or the new one and nothing between.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "os/fd.h"

namespace certo::os {

/// Throws Error{cannot_write} (full disk, read-only) or {not_permitted}; the old
/// content is then still there. The mode is exact, whatever the umask.
void write_file(const std::string& path, std::string_view content, mode_t mode);

/// The whole file; refuses more than `limit` bytes, and anything but a regular
/// file. Throws Error{bad_input} or {not_permitted}.
std::string read_file(const std::string& path, size_t limit = 1 << 20);
/// The same; nothing when there is no such file.
std::optional<std::string> read_file_if(const std::string& path, size_t limit = 1 << 20);
/// The same of a file that is open already; `path` is for messages.
std::string read_regular(const Fd& fd, size_t limit, const std::string& path);
/// All of a descriptor (stdin) up to `limit`.
std::string read_all(int fd, size_t limit, const std::string& subject);
/// All of `content`; Error{cannot_write} also for a closed pipe (EPIPE).
void write_all(int fd, std::string_view content, const std::string& subject);

bool exists(const std::string& path);                         // of the name itself, a dangling link too
void make_folder(const std::string& path, mode_t mode);       // parents too (they get `mode`); fine if there
void remove_file(const std::string& path);                    // fine if gone
void remove_tree(const std::string& path);                    // follows no link; fine if gone
void rename(const std::string& from, const std::string& to);  // and fsync of the folder
/// Points the link `path` at `target` by renaming a new link over it.
void switch_link(const std::string& path, const std::string& target);
std::optional<std::string> read_link(const std::string& path);
std::vector<std::string> list_folder(const std::string& path);  // sorted, without . and ..; empty if absent
void sync_folder(const std::string& path);

/// What tells a file's version without reading it.
struct Fingerprint {
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  bool operator==(const Fingerprint&) const = default;
};
std::optional<Fingerprint> fingerprint(const std::string& path);  // follows links

/// Throws Error{cannot_write} or {not_permitted} when a file of a few KiB cannot be made,
/// synced and removed in `folder`: asked before the CA is.
void probe_writable(const std::string& folder);

/// A folder beneath which names from outside are used. Nothing that is resolved
/// leaves it: openat2(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS), or component by component with
/// O_NOFOLLOW where the kernel has no openat2.
class Beneath {
 public:
  explicit Beneath(const std::string& root);  // Error{bad_input} when it is no folder
  /// Makes `name` with O_CREAT|O_EXCL|O_NOFOLLOW; folders on the way are made with
  /// 0755. The mode is exact. Returns the inode made. Error{cannot_write},
  /// {not_permitted}; an existing name is Error{cannot_write}.
  uint64_t create(const std::string& name, std::string_view content, mode_t mode);
  /// Unlinks `name` only while it is still the inode that we made.
  void remove(const std::string& name, uint64_t inode);
  /// Removes the empty folder `name`, when it is empty; silent otherwise.
  void remove_folder_if_empty(const std::string& name);

 private:
  Fd open_folder(const std::string& name, bool create);

  std::string root_;
  Fd fd_;
};

}  // namespace certo::os
