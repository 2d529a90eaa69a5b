// What follows once the files are in place: the server is told, and asked what it presents now.
#pragma once

#include <optional>
#include <string>

#include "crypto/certificate.h"
#include "install/targets.h"

namespace certo::install {

/// Runs `command` by /bin/sh -c in a clean environment and a process group of its own. What went wrong, with
/// the last line of its stderr; nothing when it ended with 0.
std::optional<std::string> reload(const std::string& command, Seconds limit);

/// Asks the servers of `installation` until each presents `leaf`, for `limit` at most: one that reloads goes
/// on with the old certificate for a moment. What is wrong, or nothing.
std::optional<std::string> unproven(const Installation& installation, const crypto::Certificate& leaf,
                                    Millis limit);

}  // namespace certo::install
