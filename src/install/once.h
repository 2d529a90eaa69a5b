// Installs certificates that come by a pipe and are not in the store. The plan is in <home>/installing until
// everything is in place, so that a later run can undo or complete the work of a run that died.
#pragma once

#include "install/deliver.h"
#include "store/home.h"

namespace certo::install {

/// Throws Error; the previous files are restored then.
void install_once(const store::Home& home, Material material, Installation installation,
                  const DeliverSettings& settings);

/// Completes or undoes the installations of runs that died. If that fails, certo prints a warning, and the
/// next run tries again.
void heal_installations(const store::Home& home) noexcept;

}  // namespace certo::install
