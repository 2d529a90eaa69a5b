// The system calls of the cage (os/cage.h), as a program for seccomp(2).
#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <vector>

namespace certo::os {

/// Lets through what a DNS provider needs: memory, threads, time, waiting, files that are open or may be
/// opened for reading, TCP and UDP. A call that could reach another process, or change a file or the machine,
/// fails with EPERM. Every other call, also one that is newer than this table, fails with ENOSYS, so that
/// libc does without it. `own` is the id of this process.
std::vector<sock_filter> system_call_filter(pid_t own);

}  // namespace certo::os
