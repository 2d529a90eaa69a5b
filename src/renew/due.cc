#include "renew/due.h"

#include <algorithm>
#include <iterator>

#include "crypto/csr.h"
#include "crypto/hash.h"
#include "store/lifetime.h"

namespace certo::renew {

using std::chrono::days;
using std::chrono::hours;

uint64_t spread(std::string_view machine, std::string_view name) {
  const crypto::Sha256 digest = crypto::sha256(std::string(machine) + '\n' + std::string(name));
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof number; ++i) number = number << 8 | digest[i];
  return number;
}

Time due_by_lifetime(Time not_before, Time not_after, uint64_t spread) {
  const Seconds lifetime = std::max(Seconds(0), not_after - not_before);
  const Seconds earlier(spread % static_cast<uint64_t>(lifetime.count() / 60 + 1));
  return not_after - lifetime / (lifetime < days(10) ? 2 : 3) - earlier;
}

Time due_by_request(const store::Request& request, Time not_before, Time not_after, uint64_t spread) {
  if (!request.not_after.empty() && !store::is_relative(request.not_after)) return not_after;
  const Seconds lifetime = std::max(Seconds(0), not_after - not_before);
  const Seconds before =
      request.renew_before.empty() ? lifetime : store::parse_renew_before(request.renew_before).of(lifetime);
  if (before >= lifetime) return due_by_lifetime(not_before, not_after, spread);
  const Seconds most_earlier = std::min(lifetime / 60, (lifetime - before) / 2);
  return not_after - before - Seconds(spread % static_cast<uint64_t>(most_earlier.count() + 1));
}

Time due_in_window(const store::Request& request, const crypto::Certificate& leaf, Time start, Time end,
                   uint64_t spread) {
  const Time by_request = due_by_request(request, leaf.not_before, leaf.not_after, spread);
  if (by_request >= leaf.not_after) return by_request;
  // Even if the CA suggests a later time, a tenth of the lifetime stays as a reserve.
  const Time latest = leaf.not_after - (leaf.not_after - leaf.not_before) / 10;
  const Time suggested = std::min(instant_in(start, end, spread), latest);
  return request.renew_before.empty() ? suggested : std::min(suggested, by_request);
}

Time instant_in(Time start, Time end, uint64_t spread) {
  constexpr Seconds margin = hours(2);
  const Seconds usable = end - start - margin;
  if (usable <= Seconds(0)) return start;
  return start + Seconds(spread % static_cast<uint64_t>(usable.count()));
}

Seconds back_off(int failures, Time now, Time not_after, std::optional<Time> failing_since) {
  // A step ends before the run of the hour in which the next try is due, whose minute varies.
  constexpr Seconds slack = std::chrono::minutes(10);
  constexpr Seconds steps[] = {hours(1) - slack, hours(4) - slack, hours(24) - slack};
  // Half of what is left, again and again, would never end.
  constexpr Seconds shortest = std::chrono::minutes(1);
  if (failures <= 0) return Seconds(0);
  const Seconds step = steps[std::min<size_t>(failures, std::size(steps)) - 1];
  if (not_after == Time{}) return step;
  if (failing_since && now - *failing_since >= hopeless) return steps[2];
  if (not_after <= now) return steps[0];
  return std::min(step, std::max(shortest, (not_after - now) / 2));
}

bool is_in_window(const store::Status& status, Time now) {
  return status.window_start && status.window_end && *status.window_start <= now && now < *status.window_end;
}

bool ends_before(Time not_after, Time other) {
  return not_after != Time{} && (other == Time{} || not_after < other);
}

Due due(const store::Status& status, Time now) {
  // A later `retry_at` comes from a clock that was wrong.
  const bool is_expired = status.not_after != Time{} && status.not_after <= now;
  if (status.due > now && !is_expired && status.renew_because.empty()) return Due::later;
  const bool is_held = status.retry_at && *status.retry_at > now && *status.retry_at - now <= longest_hold;
  return is_held ? Due::held_back : Due::now;
}

std::string difference(const store::Request& request, const crypto::Certificate& leaf,
                       const std::string& wishes) {
  // Names that the CA did not validate may be missing; those that were added since then differ in `wishes`.
  for (const crypto::Identifier& asked : request.identifiers)
    if (!request.allow_subset && std::ranges::find(leaf.identifiers, asked) == leaf.identifiers.end())
      return asked.value + " was added to its names";
  if (!request.csr.empty() && leaf.spki != crypto::parse_csr_pem(request.csr, "its CSR").spki)
    return "its CSR is for another key";
  if (request.csr.empty() && leaf.key_description != crypto::name(request.key_type))
    return "its key type was changed to " + std::string(crypto::name(request.key_type));
  if (!wishes.empty() && wishes != store::digest(request)) return "its request was changed";
  return {};
}

}  // namespace certo::renew
