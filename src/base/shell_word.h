// Words of a command line that a person can copy.
#pragma once

#include <string>

namespace certo {

/// `text` in single quotes, as /bin/sh reads it.
std::string shell_word(const std::string& text);
/// As a person types it: quoted only if the shell would read it otherwise.
std::string typed_word(const std::string& text);

}  // namespace certo
