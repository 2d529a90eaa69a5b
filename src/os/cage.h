// A cage for code that is not trusted with files: a provider's child process locks itself into it before it
// runs the provider. There is no way out of it.
#pragma once

#include <string>
#include <vector>

namespace certo::os {

/// From now on this process can read the system's libraries, what name resolution needs and `readable`, and
/// write to /dev/null only. It can make threads, TCP connections and UDP sockets. It cannot start, signal or
/// trace a process, has no capability and cannot gain one, uses at most 256 MiB of address space (not in
/// sanitizer builds, which need more), leaves no core dump, and ends with the thread that started it. Threads
/// that run already are not caged. Throws Error{failed} if the kernel refuses a protection that it has.
void enter_cage(const std::vector<std::string>& readable);

/// The protections of the cage that this kernel does not have: "Landlock", "seccomp". The cage does
/// without them.
std::vector<std::string> missing_protections();

}  // namespace certo::os
