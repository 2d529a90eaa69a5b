// The folder from which a web server answers http-01 challenges (RFC 8555 section 8.3).
#pragma once

#include <string>
#include <vector>

#include "webserver/edits.h"

namespace certo::webserver {

/// The folder of the challenges that certo's own file of a proof names; "" if it names none.
std::string folder_named_in(const OwnFile& included);

/// The one that a file of `included` names or, if there is no such file yet, one that the server's workers
/// can reach: certo/challenges next to the main file, else /var/lib/certo-challenges. `is_root`: the server
/// began as root, so its workers are another user.
std::string proof_folder(const std::string& main_file, const std::vector<std::string>& included,
                         bool is_root);

/// After that file was removed: removes the folder that it names, if it is empty.
void remove_folders(const OwnFile& included);

}  // namespace certo::webserver
