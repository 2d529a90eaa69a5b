// Gathers what is known about all certificates of a store, for `certo status`, the metrics of `certo cron`,
// the alerts and reports.
#pragma once

#include <string>
#include <vector>

#include "commands/context.h"
#include "status/endpoint.h"
#include "status/judge.h"
#include "status/model.h"
#include "store/home.h"

namespace certo::commands {

/// Which endpoints of certificates are asked. `known`: those of --verify; `guessed`: also port 443 of each
/// name of a certificate that has none.
enum class Asks { none, known, guessed };

/// Whether the schedule and the hooks for notifications are looked at.
enum class Whole { yes, no };

struct OverviewSettings {
  std::vector<std::string> names{};    // of certificates
  std::vector<std::string> servers{};  // "HOST:PORT[/PROTOCOL]", checked, that belong to no certificate
  Asks asks = Asks::none;
  Whole whole = Whole::yes;
  status::Reach reach{};
  std::string ca_bundle{};  // that servers are verified with; "" for the system's
  status::Thresholds thresholds{};
};

/// Judged, and the worst first. Throws Interrupted, and Error if the state folder cannot be read.
status::Overview overview(const store::Home& home, const OverviewSettings& settings, Time now);

}  // namespace certo::commands
