// A child process from its start until it is reaped. `run` in os/child.h uses it.
#pragma once

#include <sys/types.h>

#include "os/child.h"
#include "os/fd.h"

namespace certo::os {

class Process {
 public:
  /// Starts the command as the leader of its own group. Throws Error{config} if it cannot be executed.
  explicit Process(const Command& command);
  /// Kills the group of a child that is not reaped yet.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Does not reap the child, so that its process id, which is that of the group too, is not used again yet.
  bool has_exited() const;
  void signal_group(int signal) const;
  /// The exit code, or 128 + signal. To be called once, after `has_exited`.
  int reap();

  Fd in, out, err;  // our ends of the child's pipes, not blocking
  Fd exited;        // readable when the child has exited; none before Linux 5.3

 private:
  pid_t pid_ = -1;
};

}  // namespace certo::os
