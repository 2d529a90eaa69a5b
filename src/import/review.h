// The commands and files that an import would run and write later, for a person to check, and the owner of
// the folder.
#pragma once

#include <string>
#include <vector>

#include "import/found.h"

namespace certo::imports {

/// A line for each hook, reload command, target and webroot of a certificate:
/// "example.com: reload command: systemctl reload nginx".
std::vector<std::string> review(const FoundCertificate& found);

/// Why somebody other than root and this user could have written what is in `folder`: a folder on the way to
/// it, or an entry in it, belongs to another user or can be written by others. "" if nothing is wrong.
std::string foreign_part(const std::string& folder);

}  // namespace certo::imports
