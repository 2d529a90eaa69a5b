// From argv to one command.
#pragma once

#include <string>
#include <vector>

#include "base/exit.h"

namespace certo::cli {

/// Runs `arguments` (argv without the program's name). Throws.
Exit dispatch(const std::vector<std::string>& arguments);

}  // namespace certo::cli
