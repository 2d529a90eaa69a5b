// A file that is on no disk: for a secret that something reads by a file's name.
#pragma once

#include <string>
#include <string_view>

#include "os/fd.h"

namespace certo::os {

class MemoryFile {
 public:
  /// Throws Error{cannot_write}.
  explicit MemoryFile(std::string_view content);
  /// Good in this process, and where /proc is mounted, as long as the object lives.
  std::string path() const;

 private:
  Fd fd_;
};

}  // namespace certo::os
