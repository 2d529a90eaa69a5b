#include "store/lifetime.h"

#include "base/error.h"
#include "base/text.h"

namespace certo::store {
namespace {

constexpr Seconds longest = std::chrono::days(3650);

/// Zero if there is no such unit.
Seconds unit_of(char letter) {
  switch (letter) {
    case 'd': return std::chrono::days(1);
    case 'h': return std::chrono::hours(1);
    case 'm': return std::chrono::minutes(1);
    case 's': return Seconds(1);
    default: return Seconds(0);
  }
}

}  // namespace

std::optional<Seconds> parse_span(std::string_view text) {
  if (text.empty()) return {};
  const Seconds unit = unit_of(text.back());
  if (unit == Seconds(0)) return {};
  const auto count = number(text.substr(0, text.size() - 1), 1, longest / unit);
  return count ? std::optional(unit * *count) : std::nullopt;
}

RenewBefore parse_renew_before(const std::string& text) {
  if (text.ends_with('%')) {
    if (const auto percent = number(std::string_view(text).substr(0, text.size() - 1), 1, 99))
      return {.percent = static_cast<int>(*percent)};
  } else if (const std::optional<Seconds> span = parse_span(text)) {
    return {.span = *span};
  }
  throw Error(Exit::usage, "'" + text + "' does not say how long before its end a certificate is renewed",
              "for example: 30d, 36h, or 33% of its lifetime (1% to 99%)");
}

bool is_relative(const std::string& date) { return date.starts_with('+'); }

Time parse_date(const std::string& text, Time now) {
  if (is_relative(text)) {
    if (const std::optional<Seconds> span = parse_span(std::string_view(text).substr(1))) return now + *span;
  } else if (const std::optional<Time> time =
                 from_rfc3339(text.find('T') == text.npos ? text + "T00:00:00Z" : text)) {
    return *time;
  }
  throw Error(Exit::usage, "'" + text + "' is not a date",
              "for example: 2026-12-01, 2026-12-01T06:00:00Z, or +7d from now");
}

}  // namespace certo::store
