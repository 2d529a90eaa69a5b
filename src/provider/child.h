// The child process in which caged providers run, seen from both ends. It is certo itself, or
// certo-provider-host for a .so, with one word in argv that is not a command.
#pragma once

#include <string>

#include "provider/message.h"

namespace certo::provider {

/// argv[1] of such a child. No command begins like this.
inline constexpr const char* child_word = "_dns";

/// The variables of this process that libcurl and net/trust.cc read: proxies and a bundle of roots.
Values connection_environment();

/// In the parent: runs `task` in a child of its own. Throws Error{failed} or {unreachable} with `name` if the
/// child gives no outcome, because it crashes, hangs or writes something else. Warns once if this kernel does
/// not have all protections of the cage.
Outcome run_task(const Task& task, const std::string& name);

/// In the child: reads a task from stdin, enters the cage, calls the provider and writes the outcome to
/// stdout. Messages go to stderr. Returns the exit code, which is 0 if there is an outcome.
int run_child();

}  // namespace certo::provider
