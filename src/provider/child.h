// The child of a built-in provider: certo itself, with one word in argv that is no command.
#pragma once

#include <string>
#include <vector>

namespace certo::provider {

/// argv[1] of such a child; no command begins like this.
inline constexpr const char* kChildWord = "_dns";

/// Reads a task from stdin, locks itself in, calls the provider, writes the outcome to stdout. What it says
/// goes to stderr. Returns the exit code, which is 0 whenever there is an outcome.
int run_child();

}  // namespace certo::provider
