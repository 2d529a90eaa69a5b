#include "renew/plan.h"

#include <algorithm>

namespace certo::renew {
namespace {

std::string reason(const store::Status& status, Time now) {
  if (!status.renew_because.empty()) return status.renew_because;
  if (status.not_after == Time{}) return "there is none yet";
  if (status.not_after <= now) return "it expired " + rfc3339(status.not_after);
  if (status.window_start && status.window_end)
    return "the CA suggests " + rfc3339(*status.window_start) + " to " + rfc3339(*status.window_end);
  return "it expires " + rfc3339(status.not_after);
}

}  // namespace

Step plan(const std::string& name, const store::Status& status, Time now) {
  Step step{.name = name, .due = due(status, now), .at = now, .reason = reason(status, now)};
  if (step.due == Due::later) step.at = std::min(status.due, status.not_after);
  if (step.due == Due::now || !status.retry_at || *status.retry_at <= step.at) return step;
  step.at = *status.retry_at;
  if (status.failures > 0)
    step.reason += "; held back after " + std::to_string(status.failures) + " failures";
  else if (!status.last_error.empty())
    step.reason += "; " + status.last_error;
  return step;
}

}  // namespace certo::renew
