// A file in memory, for a secret that some code reads by the name of a file.
#pragma once

#include <string>
#include <string_view>

#include "os/fd.h"

namespace certo::os {

class MemoryFile {
 public:
  /// Throws Error{cannot_write}.
  explicit MemoryFile(std::string_view content);
  /// Valid in this process while the object exists, if /proc is mounted.
  std::string path() const;

 private:
  Fd fd_;
};

}  // namespace certo::os
