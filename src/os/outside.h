// Files that somebody else names: they must not be files of ours.
#pragma once

#include <cstddef>
#include <string>

namespace certo::os {

/// The content of the regular file `path`, which must not be inside `folder` whatever links lead to it; an
/// empty `folder` allows every file. What was checked is what is read. Throws Error{not_permitted},
/// {bad_input}.
std::string read_file_outside(const std::string& folder, const std::string& path, size_t limit);

}  // namespace certo::os
