// Runs the checks side by side.
#pragma once

#include <vector>

#include "check/finding.h"
#include "check/scene.h"

namespace certo::check {

/// What can be seen without the CAs: their rules, this machine, and each name. With
/// Tries::tokens_and_records, DNS records are added and removed, too, which may take as long as the services
/// need. If there are several CAs, a finding that depends on the CA says which one it is about. Throws
/// Interrupted only.
Findings check_all(const Scenes& scenes);

/// The checks of some names of the scenes. Good ones are among them.
Findings check_names(const Scenes& scenes, const std::vector<crypto::Identifier>& identifiers);

}  // namespace certo::check
