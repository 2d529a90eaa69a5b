// Child processes: providers and hooks. A child is the leader of its own process group, has three
// descriptors, and writes no core dump. After the deadline the parent sends TERM to the group and, 10 s
// later, KILL. Output is limited. When the child has exited, the parent does not wait for a pipe that a
// grandchild inherited.
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
  /// If set, it is executed instead of argv[0]: the result of trusted_program (os/program.h).
  std::string path;
  /// If set, it is executed by execveat instead of argv[0]: certo itself.
  int program = -1;
  /// The whole environment, NAME=value.
  std::vector<std::string> environment;
  std::string input;   // written to stdin, which is then closed
  std::string folder;  // working folder; empty: "/"
  Millis deadline = Seconds(120);
  Millis grace = Seconds(10);       // between TERM and KILL
  size_t output_limit = 64 * 1024;  // of stdout and of stderr each; more is read and dropped
  bool kills_the_rest = false;      // kill the rest of its group at its end, and not only after the deadline
};

struct Finished {
  int status = 0;          // exit code, or 128 + signal
  bool timed_out = false;  // it was ended after the deadline
  bool truncated = false;
  std::string output;
  std::string errors;  // stderr
};

/// Runs the command to its end. A signal to certo ends the group (TERM, then KILL) and throws Interrupted.
/// Throws Error{config} with the reason if the command cannot be executed.
Finished run(const Command& command);

/// PATH (see search_path), HOME, LANG, TZ and CREDENTIALS_DIRECTORY of this process: what each program gets
/// in addition to what is listed for it.
std::vector<std::string> clean_environment();

/// This program, by a descriptor that was opened at its start from AT_EXECFN, because /proc may not be
/// mounted.
void remember_self();  // to be called once, in main
int self_fd();         // -1 if it could not be opened
std::string self_path();
/// Executes the file that is at self_path() now, with these arguments. Returns only if it cannot.
void execute_self(const std::vector<std::string>& arguments);

}  // namespace certo::os
