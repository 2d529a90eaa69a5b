// Certificates of no store on the way to their targets: they come by a pipe. The plan lies in
// <home>/installing until all is in place, so that what a run that died has left can be healed.
#pragma once

#include "install/material.h"
#include "install/targets.h"
#include "store/home.h"

namespace certo::install {

/// Throws Error: then what was there is back.
void install_once(const store::Home& home, const Material& material, const Installation& installation,
                  Millis proof_limit);

/// Completes or undoes what runs that died have left half done. What cannot be put back is told, and stays
/// for the next run.
void heal_installations(const store::Home& home) noexcept;

}  // namespace certo::install
