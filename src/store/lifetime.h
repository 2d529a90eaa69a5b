// When a certificate is renewed, and from when to when it is valid, as a person writes it: the values of
// --renew-before, --not-before and --not-after, and the members of request.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace certo::store {

/// "30d", "36h", "90m", "3600s": a whole number above 0 and its unit, at most ten years.
std::optional<Seconds> parse_span(std::string_view text);

/// How long before its end a certificate is renewed: a span, or a share of its lifetime.
struct RenewBefore {
  Seconds span{};
  int percent = 0;  // 1 to 99; 0: `span` counts

  Seconds of(Seconds lifetime) const { return percent > 0 ? lifetime * percent / 100 : span; }
};
/// "30d" or "33%". Throws Error{usage}.
RenewBefore parse_renew_before(const std::string& text);

/// A date for an order: "+7d" from `now`, "2026-12-01", or a time of RFC 3339. Throws Error{usage}.
Time parse_date(const std::string& text, Time now);
/// Whether each certificate gets a date of its own ("+7d"), and not all the same.
bool is_relative(const std::string& date);

}  // namespace certo::store
