// What commands say about the hourly runs: whether there are any, and whether certo.service can reach what a
// certificate needs.
#pragma once

#include <string>
#include <vector>

#include "base/failure.h"
#include "schedule/needs.h"
#include "schedule/schedule.h"
#include "store/home.h"

namespace certo::commands {

/// What keeps certo.service from using one of `needs`: each with the hint of what to do.
std::vector<Failure> obstacles(const std::vector<schedule::Need>& needs, const schedule::Sandbox& sandbox);

/// The files that certo.conf names for each pass.
std::vector<schedule::Need> needs_of_settings(const store::Home& home);

/// Warns of what certo.service cannot reach for this certificate, if it renews here or would.
void warn_of_service(const store::Home& home, const std::string& certificate);

/// The state folder that the hourly run of `plan` uses.
std::string home_of(const schedule::Plan& plan);
/// Otherwise the user finds out that nothing renews a first certificate when it has expired.
void say_unscheduled(const store::Home& home);

}  // namespace certo::commands
