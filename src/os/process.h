// A child process from fork to reaping; `run` in os/child.h drives it.
#pragma once

#include <sys/types.h>

#include "os/child.h"
#include "os/fd.h"

namespace certo::os {

class Process {
 public:
  /// Starts the command as leader of its own group. Throws Error{config} when it cannot be executed.
  explicit Process(const Command& command);
  /// Kills the group of a child that is not reaped yet.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Does not reap, so that the process id, which is the group's too, still cannot be another's.
  bool has_exited() const;
  void signal_group(int signal) const;
  /// Exit code, or 128 + signal. Once, after `has_exited`.
  int reap();

  Fd in, out, err;  // our ends of the child's pipes, not blocking
  Fd exited;        // readable when the child has exited; none on a kernel before 5.3

 private:
  pid_t pid_ = -1;
};

}  // namespace certo::os
