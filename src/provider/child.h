// The child in which providers run that are not trusted with files, from both ends. It is certo itself, or
// certo-provider-host for a .so, with one word in argv that is no command.
#pragma once

#include <string>

#include "provider/message.h"

namespace certo::provider {

/// argv[1] of such a child; no command begins like this.
inline constexpr const char* kChildWord = "_dns";

/// In the parent: runs `task` in a child of its own. Throws Error{failed} or {unreachable} naming `name` when
/// the child ends otherwise than with an outcome: it crashed, hangs, or answers nonsense.
Outcome run_task(const Task& task, const std::string& name);

/// In the child: reads a task from stdin, locks itself in, calls the provider, writes the outcome to stdout.
/// What it says goes to stderr. Returns the exit code, which is 0 whenever there is an outcome.
int run_child();

}  // namespace certo::provider
