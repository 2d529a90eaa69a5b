// What a pass over many certificates does often, with few system calls.
#pragma once

#include <sys/stat.h>

#include <string>
#include <vector>

#include "os/fd.h"

namespace certo::os {

/// As read_regular, of a file with these facts: a read that ends at its size is the last.
std::string read_regular(const Fd& fd, const struct stat& facts, size_t limit, const std::string& path);

/// The names in a folder in any order, without . and ..; empty if it is absent. Only folders; with `inner`,
/// only those in which this name exists, and links to such folders.
std::vector<std::string> list_folders(const std::string& path, const char* inner = nullptr);

}  // namespace certo::os
