#include "commands/foresee.h"

#include <algorithm>

#include "base/log.h"
#include "check/run.h"
#include "commands/check_ca.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

// A daily look sees each renewal at least once before it is due.
constexpr Seconds shortest_horizon = std::chrono::hours(26), longest_horizon = std::chrono::days(7);
constexpr int part_of_lifetime = 10;
constexpr Millis for_each = Seconds(8), for_all = Seconds(120);

bool is_next(const status::Row& row, Time now) {
  const Seconds horizon =
      std::clamp((row.not_after - row.not_before) / part_of_lifetime, shortest_horizon, longest_horizon);
  return row.failures == 0 && row.renew_at > now && row.renew_at - now <= horizon;
}

/// The first thing that will fail; nothing if nothing was found.
std::optional<check::Finding> obstacle(const Args& args, const store::Home& home, const std::string& name,
                                       const Deadline& deadline) {
  const store::Request request = store::Entry(home, name).request();
  check::Scenes scenes = scenes_of(args, home, name, request, check::Tries::nothing, deadline);
  for (check::Scene& scene : scenes) {
    scene.wait_for_nobody();
    scene.solving.warns_of_end = false;  // an alert of its own
  }
  check::Findings findings = check::check_all(scenes);
  check::weigh(findings, titles(scenes));
  const auto found = std::ranges::find(findings, check::Level::will_fail, &check::Finding::level);
  return found == findings.end() ? std::nullopt : std::optional(std::move(*found));
}

}  // namespace

std::vector<status::Alert> foresee(const Args& args, const store::Home& home,
                                   const status::Overview& overview) {
  const Deadline whole(for_all);
  std::vector<status::Alert> alerts;
  for (const status::Row& row : overview.rows) {
    if (!is_next(row, overview.now)) continue;
    if (whole.passed()) break;
    try {
      if (const auto found = obstacle(args, home, row.name, whole.at_most(for_each)))
        alerts.push_back(
            {status::Topic::will_fail, row.name,
             "the renewal of " + rfc3339(row.renew_at) + " will fail: " + found->what + ": " + found->because,
             found->to_do});
    } catch (const Error& error) {
      log::verbose(row.name + ": not checked: " + error.message);
    }
  }
  return alerts;
}

}  // namespace certo::commands
