// Which machine this is, for what must differ between machines and stay the same on one.
#pragma once

#include <string>

namespace certo::os {

/// The content of /etc/machine-id; the host's name where there is none.
std::string machine_id();

}  // namespace certo::os
