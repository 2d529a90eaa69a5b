// When a certificate is due. Pure functions; the clock and the dice are passed in.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "store/request.h"

namespace certo::renew {

/// By lifetime: a third is left, or half of it where the lifetime is under ten days.
Time due_by_lifetime(Time not_before, Time not_after);

/// A random instant in [start, end) (RFC 9773 section 4.2). Where the window is wide enough it lies at least
/// two hours before the end: a renewal outside the window loses its exemption from rate limits.
Time instant_in(Time start, Time end, uint64_t random);

/// The wait before another try after `failures` failures in a row: 1 h, 4 h, 24 h, 24 h, …; never more than
/// half of what is left of the certificate, and an hour once it has expired. `not_after` zero: there is none
/// yet.
Seconds back_off(int failures, Time now, Time not_after);

enum class Due { now, later, held_back };
/// `held_back`: due, but `retry_at` says not yet.
Due due(const store::Status& status, Time now);

}  // namespace certo::renew
