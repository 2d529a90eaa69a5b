// certo providers check: is a file a recipe, and what would it send?
#pragma once

#include "commands/commands.h"

namespace certo::commands {

/// `args`: FILE, and --dry-run with -d NAME. Throws Error{bad_input} with the line that is wrong.
Exit check_recipe(const Args& args);

}  // namespace certo::commands
