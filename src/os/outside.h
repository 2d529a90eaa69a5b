// Files that code or people from outside name. They must not be files of the state folder.
#pragma once

#include <cstddef>
#include <string>

namespace certo::os {

/// The content of the regular file `path`, which must not be inside `folder` whatever links lead to it; an
/// empty `folder` allows every file. It reads the file that it checked. Throws Error{not_permitted},
/// {bad_input}.
std::string read_file_outside(const std::string& folder, const std::string& path, size_t limit);

}  // namespace certo::os
