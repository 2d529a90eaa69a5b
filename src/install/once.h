// Certificates of no store on the way to their targets: they come by a pipe. The plan lies in
// <home>/installing until all is in place, so that what a run that died has left can be healed.
#pragma once

#include "install/deliver.h"
#include "store/home.h"

namespace certo::install {

/// Throws Error; the previous files are restored then.
void install_once(const store::Home& home, Material material, Installation installation,
                  const DeliverSettings& settings);

/// Completes or undoes what runs that died have left half done. What cannot be put back is told, and stays
/// for the next run.
void heal_installations(const store::Home& home) noexcept;

}  // namespace certo::install
