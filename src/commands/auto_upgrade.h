// Upgrades by the schedule: only if the user has switched them on. <home>/upgrade.json says so, and when the
// schedule looked last.
#pragma once

#include "base/time.h"
#include "store/home.h"

namespace certo::commands {

enum class Auto { on, off };

/// Stores it. For root, a drop-in of certo.service lets the hourly runs write to the folders of certo's
/// programs while it is on. Throws Error{config} for a certo that cannot upgrade itself.
void set_auto_upgrade(const store::Home& home, Auto wanted);

/// At the end of `certo cron`: looks once a day, if it is on. An upgrade that fails its own check is undone,
/// and its version is not tried again. Reports to the notify hooks, and throws Interrupted only.
void upgrade_by_schedule(const store::Home& home, Millis lock_timeout);

}  // namespace certo::commands
