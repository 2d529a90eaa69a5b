// Words of a command line that a person can copy.
#pragma once

#include <string>

namespace certo {

/// `text` in single quotes, as /bin/sh reads it.
std::string shell_word(const std::string& text);

}  // namespace certo
