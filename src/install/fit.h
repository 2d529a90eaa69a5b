// Whether a target can be written: checked when it is chosen, and again before each installation.
#pragma once

#include <optional>

#include "install/targets.h"
#include "os/place.h"

namespace certo::install {

/// The folder of the target. Throws os::LinkInPath, or Error{cannot_write} if there is no such folder.
const os::Place& open_folder(os::Places& places, const Target& target);

/// What has the target's name in its folder, or nothing. Throws os::LinkInPath if it is a link, and
/// Error{cannot_write} if a file (of a folder: a link to one) must not take its place.
std::optional<os::Facts> replaceable(const os::Place& folder, const Target& target);

}  // namespace certo::install
