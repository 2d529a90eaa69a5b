// Questions to a person, on the terminal and nowhere else.
#pragma once

#include <string>

#include "cli/command.h"

namespace certo::cli {

/// True with --yes, or when a person at the terminal answers y. False where nobody can be
/// asked: no terminal, or --no-input.
bool confirm(const Args& args, const std::string& question);

}  // namespace certo::cli
