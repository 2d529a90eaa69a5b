// A kernel lock (flock on a file that stays). It goes with the process, so a crash
// leaves none. After taking one: read again and decide again.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "os/fd.h"

namespace certo::os {

class Lock {
 public:
  /// Waits until `wait` is over (zero: one try), shows who holds it. Throws
  /// Error{later} naming the holder's process id. Signals interrupt the wait.
  Lock(const std::string& path, Millis wait);
  static std::optional<Lock> try_take(const std::string& path);

 private:
  explicit Lock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

/// Whether another program holds a lock of fcntl(2) on the file `path`, as certbot does. False where there is
/// no such file; nothing is written. Throws Error{bad_input} or {not_permitted}.
bool is_locked_elsewhere(const std::string& path);

}  // namespace certo::os
