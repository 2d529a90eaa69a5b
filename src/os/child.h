// Child processes: providers and hooks. A child is the leader of its own process
// group, has three descriptors and no more, and writes no core dump. The parent
// keeps the deadline: TERM to the group, 10 s, KILL. Output is capped. A pipe that
// a grandchild inherited is not waited for once the child has gone.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace certo::os {

struct Command {
  /// argv[0] is an absolute path unless `path` or `program` is set.
  std::vector<std::string> argv;
  /// Executed instead of argv[0] when set: what trusted_program (os/program.h) found.
  std::string path;
  /// Executed by execveat instead of argv[0] when set: certo itself.
  int program = -1;
  /// The whole environment, NAME=value.
  std::vector<std::string> environment;
  std::string input;   // given on stdin, then closed
  std::string folder;  // working folder; empty: "/"
  Millis deadline = Seconds(120);
  Millis grace = Seconds(10);       // between TERM and KILL
  size_t output_limit = 64 * 1024;  // of stdout and of stderr, each; more is read and dropped
  bool kills_the_rest = false;  // kills what is left of its group at its end; else only after the deadline
};

struct Finished {
  int status = 0;          // exit code, or 128 + signal
  bool timed_out = false;  // the deadline ended it
  bool truncated = false;
  std::string output;
  std::string errors;  // stderr
};

/// Runs to the end. A signal to certo ends the group (TERM, then KILL) and throws
/// Interrupted. Throws Error{config} when it cannot be executed, with the reason.
Finished run(const Command& command);

/// PATH (a safe default when unset), HOME, LANG, TZ of this process: what an
/// executable gets besides what is listed for it.
std::vector<std::string> clean_environment();

/// This program, by the descriptor opened from AT_EXECFN at start: /proc may be absent.
void remember_self();  // once, in main
int self_fd();         // -1 when it could not be opened
std::string self_path();

}  // namespace certo::os
