// After the files are in place: reloads the server, and checks which certificate it presents.
#pragma once

#include <optional>
#include <string>

#include "crypto/certificate.h"
#include "install/targets.h"

namespace certo::install {

/// Runs `command` by /bin/sh -c in a clean environment and a process group of its own. Returns the failure,
/// with the last line of its stderr; nothing if it ended with 0.
std::optional<std::string> reload(const std::string& command, Seconds limit);

/// Queries the servers of `installation` until each presents `leaf`, for `limit` at most: a server that
/// reloads may present the old certificate for a moment. Returns the failure, or nothing.
std::optional<std::string> unproven(const Installation& installation, const crypto::Certificate& leaf,
                                    Millis limit);
/// The same for one server, "HOST:PORT[/STARTTLS]", which is asked for `name`.
std::optional<std::string> unproven_at(const std::string& server, const std::string& name,
                                       const crypto::Certificate& leaf, const Deadline& until);

}  // namespace certo::install
