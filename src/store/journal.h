// What a run is in the midst of, written down so that the next one can clear up when it dies:
// <folder>/<id>.json.
//
// <id>.lock is locked while the run lives: a journal that nobody has locked is left over. The lock lies
// beside the journal, whose inode changes with each write. It is taken before the journal appears, and
// unlinked, while it is held, only after the journal has gone; so whoever holds the lock and finds the
// journal is alone with it, and ids are never used again.
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
  /// Lets go. Of a journal that is gone nothing stays.
  ~Journal();

  std::string file() const { return path_ + ".json"; }

  /// Those that no run holds any more, locked.
  static std::vector<Journal> left_over(const std::string& folder);

 private:
  Journal(std::string path, os::Lock lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;  // without ".json"; empty once moved from
  os::Lock lock_;
};

}  // namespace certo::store
