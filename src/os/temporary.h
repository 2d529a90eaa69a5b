// Temporary files, which are written next to their place and then renamed into it, and temporary folders. A
// run that is killed leaves them, and the next run that works in the same folder removes them.
//
// A temporary file is ".<name>.tmp-<12 hex digits>" and is locked (flock) as long as its writer lives, so one
// that can be locked is left over. A link cannot be locked: it is left over if it is old, or if the caller
// knows that nobody else writes in its folder.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "os/fd.h"

namespace certo::os {

enum class Writers { possible, none };

/// Removes the temporary files and links in `folder` that runs of this user left. `others`: whether another
/// run may be writing there now. Failures are mentioned at -vv only.
void sweep_temporaries(const std::string& folder, Writers others = Writers::possible);

/// A new name next to `target`, removed again unless it is moved into its place. Throws Error{cannot_write}
/// or {not_permitted}.
class Temporary {
 public:
  explicit Temporary(const std::string& target);
  ~Temporary();
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  /// Writes and syncs the file. The mode is exact, and set while the file is still empty.
  void write(std::string_view content, mode_t mode);
  void link_to(const std::string& destination);
  /// To be called once, after one of these.
  void move_into_place();

 private:
  /// A new file with a lock on it.
  Fd create();

  const std::string target_;
  std::string path_;
  Fd lock_;
  bool is_there_ = false;
};

/// A new folder (0700) below TMPDIR or /tmp, removed at the end with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  Fd lock_;
};

}  // namespace certo::os
