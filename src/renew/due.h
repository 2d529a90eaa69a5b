// When a certificate is due. Pure functions; the clock and values that differ between hosts are passed in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "crypto/certificate.h"
#include "store/request.h"

namespace certo::renew {

/// A number that stays the same for a certificate on a machine, and spreads the renewals of many.
uint64_t spread(std::string_view machine, std::string_view name);

/// By lifetime: when a third is left, or half if the lifetime is under ten days. Earlier by up to a
/// sixtieth of the lifetime, as `spread` says.
Time due_by_lifetime(Time not_before, Time not_after, uint64_t spread = 0);

/// As its request wants it (--renew-before), otherwise by the lifetime. A value that is not shorter than the
/// lifetime does not count, because each pass would renew. A certificate for a fixed date is not renewed
/// before it ends.
Time due_by_request(const store::Request& request, Time not_before, Time not_after, uint64_t spread = 0);

/// The same when the CA has suggested the window from `start` to `end`. Then --renew-before counts only if it
/// is earlier.
Time due_in_window(const store::Request& request, const crypto::Certificate& leaf, Time start, Time end,
                   uint64_t spread);

/// An instant in [start, end) (RFC 9773 section 4.2), at least two hours before the end: passes are an hour
/// apart, and a renewal outside the window loses its exemption from rate limits. A window that is too short
/// for that: its start.
Time instant_in(Time start, Time end, uint64_t spread);

/// The wait before another try after `failures` failures in a row: 1 h, 4 h, 24 h, 24 h, …; never more than
/// half of what is left of the certificate, and an hour once it has expired. `not_after` zero: there is none
/// yet. A certificate that has been failing for `hopeless` is tried once a day, whatever is left.
Seconds back_off(int failures, Time now, Time not_after, std::optional<Time> failing_since = {});
inline constexpr Seconds hopeless = std::chrono::days(14);

/// No CA's limit lasts longer, whatever it says (46 days were seen).
inline constexpr Seconds longest_hold = std::chrono::days(60);

/// Whether `now` is in the window that the CA has suggested.
bool is_in_window(const store::Status& status, Time now);

/// The order in which a pass renews, if the CA's limits leave no room for all: what ends first comes first,
/// and what does not exist yet comes last. `not_after` is zero then.
bool ends_before(Time not_after, Time other);

enum class Due { now, later, held_back };
/// `held_back`: due, but not to be tried before `retry_at`.
Due due(const store::Status& status, Time now);

/// The difference between `request` and the pair, as a sentence; "" if they agree. `wishes` is
/// the digest of the request that the pair was issued for; "" if that is not known.
std::string difference(const store::Request& request, const crypto::Certificate& leaf,
                       const std::string& wishes);

}  // namespace certo::renew
