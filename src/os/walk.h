// Folders that are reached without following a symbolic link.
#pragma once

#include <optional>
#include <string>

#include "os/fd.h"

namespace certo::os {

/// Opens the folder `path`, relative to the folder `at` unless it is absolute, with openat2, or part by part
/// if the kernel has no openat2 (before Linux 5.6) or a sandbox does not know the call. `flags`: O_RDONLY or
/// O_PATH. No descriptor, with errno set, if it cannot; ELOOP or ENOTDIR if a part is a link.
Fd walk(int at, const std::string& path, int flags);

/// The first part of the absolute `path` that is a link; nothing if none is.
std::optional<std::string> first_link(const std::string& path);

}  // namespace certo::os
