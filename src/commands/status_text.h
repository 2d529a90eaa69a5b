// What `certo status` prints for a person.
#pragma once

#include "status/model.h"

namespace certo::commands {

/// A table, the worst first, with the findings of a row below it. On a terminal it has colours, a bar for the
/// lifetime that is left, and lines that are as wide as the terminal at most.
void print_status(const status::Overview& overview);

/// The same as lines; `width` 0: not a terminal.
std::string status_text(const status::Overview& overview, size_t width, bool is_coloured);

}  // namespace certo::commands
