// A cage for code that is not trusted with files: what a provider's child locks itself into
// before it runs the provider. There is no way out of it.
#pragma once

#include <string>
#include <vector>

namespace certo::os {

/// From now on this process can read the system's libraries, what name resolution needs and `readable`, and
/// write /dev/null only; trace, mount or execute nothing; gain no privilege; and leaves no core dump. Threads
/// that run already are not caged. Throws Error{failed} when the kernel refuses what every kernel has;
/// Landlock is skipped where there is none, which -vv says.
void enter_cage(const std::vector<std::string>& readable);

}  // namespace certo::os
