// A journal lists the work of a run, so that the next run can clean up if it dies: <folder>/<id>.json.
//
// <id>.lock is locked while the run lives: a journal without a locked lock is left over. The lock is a file
// of its own, because the inode of the journal changes with each write. It is taken before the journal
// appears, and unlinked, while it is held, only after the journal was removed. So a process that holds the
// lock and finds the journal is the only one, and ids are never used again.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "os/lock.h"

namespace certo::store {

class Journal {
 public:
  /// A new id, locked. Makes the folder; its file is the caller's to write.
  explicit Journal(const std::string& folder);
  Journal(Journal&& other) noexcept;
  /// Unlocks. If the journal was removed, removes its lock, too.
  ~Journal();

  std::string file() const { return path_ + ".json"; }

  /// The journals that no run holds, locked.
  static std::vector<Journal> left_over(const std::string& folder);

 private:
  Journal(std::string path, os::Lock lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;  // without ".json"; empty once moved from
  os::Lock lock_;
};

}  // namespace certo::store
