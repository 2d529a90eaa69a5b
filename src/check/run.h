// Runs the checks side by side.
#pragma once

#include <vector>

#include "check/finding.h"
#include "check/scene.h"

namespace certo::check {

/// What can be seen without the CA: its rules, this machine, and each name. With Tries::tokens_and_records,
/// DNS records are added and removed, too, which may take as long as the services need. Throws Interrupted
/// only.
Findings check_all(const Scene& scene);

/// The checks of some names of the scene. Good ones are among them.
Findings check_names(const Scene& scene, const std::vector<crypto::Identifier>& identifiers);

}  // namespace certo::check
