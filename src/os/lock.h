// A kernel lock (flock on a file that stays). It ends with the process, so a crash leaves none. After it
// is taken, the caller reads again and decides again.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "os/fd.h"

namespace certo::os {

class Lock {
 public:
  /// Waits for `wait` (zero: one try) and shows who holds the lock meanwhile. Throws Error{later} with the
  /// process id of the holder. Signals interrupt the wait.
  Lock(const std::string& path, Millis wait);
  static std::optional<Lock> try_take(const std::string& path);

 private:
  explicit Lock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

/// Whether another program holds a lock of fcntl(2) on the file `path`, as certbot does. False if there is no
/// such file. Writes nothing. Throws Error{bad_input} or {not_permitted}.
bool is_locked_elsewhere(const std::string& path);

}  // namespace certo::os
