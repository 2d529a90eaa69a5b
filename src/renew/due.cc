#include "renew/due.h"

#include <algorithm>
#include <iterator>

namespace certo::renew {

using std::chrono::days;
using std::chrono::hours;

Time due_by_lifetime(Time not_before, Time not_after) {
  const Seconds lifetime = std::max(Seconds(0), not_after - not_before);
  return not_after - lifetime / (lifetime < days(10) ? 2 : 3);
}

Time instant_in(Time start, Time end, uint64_t random) {
  constexpr Seconds margin = hours(2);
  const Seconds width = end - start;
  if (width <= Seconds(0)) return start;
  const Seconds usable = width > margin ? width - margin : width;
  return start + Seconds(random % static_cast<uint64_t>(usable.count()));
}

Seconds back_off(int failures, Time now, Time not_after) {
  constexpr Seconds steps[] = {hours(1), hours(4), hours(24)};
  // Half of what is left, again and again, would never end.
  constexpr Seconds shortest = std::chrono::minutes(1);
  if (failures <= 0) return Seconds(0);
  const Seconds step = steps[std::min<size_t>(failures, std::size(steps)) - 1];
  if (not_after == Time{}) return step;
  if (not_after <= now) return steps[0];
  return std::min(step, std::max(shortest, (not_after - now) / 2));
}

Due due(const store::Status& status, Time now) {
  // No CA's limit lasts longer: a later `retry_at` comes from a clock that was wrong, or from nonsense.
  constexpr Seconds longest_hold = days(31);
  const bool is_expired = status.not_after != Time{} && status.not_after <= now;
  if (status.due > now && !is_expired) return Due::later;
  const bool is_held = status.retry_at && *status.retry_at > now && *status.retry_at - now <= longest_hold;
  return is_held ? Due::held_back : Due::now;
}

}  // namespace certo::renew
