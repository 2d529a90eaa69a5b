// The identity and the name of this machine. An identity is for values that must differ between machines and
// stay the same on one.
#pragma once

#include <string>

namespace certo::os {

/// The content of /etc/machine-id; the name of the host if there is none.
std::string machine_id();
/// "" if it is not known.
std::string host_name();

}  // namespace certo::os
