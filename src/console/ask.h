// Questions to a person, on the terminal and nowhere else.
#pragma once

#include <optional>
#include <string>

#include "console/args.h"

namespace certo::console {

/// The line that a person at the terminal answers, without blanks around it; nothing if nobody can be asked.
std::optional<std::string> ask(const Args& args, const std::string& question);

/// True with --yes, or if a person at the terminal answers y. False if nobody can be
/// asked: no terminal, or --no-input.
bool confirm(const Args& args, const std::string& question);

}  // namespace certo::console
