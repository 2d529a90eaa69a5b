// Completion scripts for shells, from the command table.
#pragma once

#include <string>
#include <string_view>

namespace certo::cli {

std::string completion(std::string_view shell);  // bash, zsh, fish; Error{usage}

}  // namespace certo::cli
