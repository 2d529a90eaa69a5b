#include "base/time.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>

namespace certo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

struct Calendar {
  int year, month, day, hour, minute, second;
};

constexpr std::array<std::string_view, 7> weekdays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

Calendar calendar(Time time) {
  const auto midnight = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

std::optional<Time> from_calendar(const Calendar& c) {
  const std::chrono::year_month_day date(std::chrono::year(c.year),
                                         std::chrono::month(static_cast<unsigned>(c.month)),
                                         std::chrono::day(static_cast<unsigned>(c.day)));
  // Second 60 is a leap second; it counts as the first of the next minute.
  if (!date.ok() || c.hour > 23 || c.minute > 59 || c.second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + hours(c.hour) + minutes(c.minute) + Seconds(c.second);
}

/// Reads a text of fixed shape from left to right. After the first piece that does not fit, it is no longer
/// good, and the values that it returned must not be used.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(size_t count) {
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!next_is_digit()) return fail();
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  /// The character, which must be one of `allowed`.
  char one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    const char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }
  void literal(std::string_view text) {
    if (!rest_.starts_with(text)) {
      fail();
      return;
    }
    rest_.remove_prefix(text.size());
  }
  /// The place of the next three letters in a list of names.
  template <size_t n>
  int name(const std::array<std::string_view, n>& names) {
    const auto found = std::find(names.begin(), names.end(), rest_.substr(0, 3));
    if (found == names.end()) return fail();
    rest_.remove_prefix(3);
    return static_cast<int>(found - names.begin());
  }
  void skip_digits() {
    if (!next_is_digit()) fail();
    while (next_is_digit()) rest_.remove_prefix(1);
  }
  bool next_is(char c) const { return rest_.starts_with(c); }
  bool at_end() const { return good_ && rest_.empty(); }

 private:
  bool next_is_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  int fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

void read_clock(Scanner& in, Calendar& c) {
  c.hour = in.digits(2);
  in.literal(":");
  c.minute = in.digits(2);
  in.literal(":");
  c.second = in.digits(2);
}

}  // namespace

static_assert(sizeof(time_t) == 8, "compile with -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64");

Time now() {
  // Not std::chrono's clock: with 32 bits that of libstdc++ stops in 2038.
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return Time(Seconds(time.tv_sec));
}

std::string rfc3339(Time time) {
  const Calendar c = calendar(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute,
                     c.second);
}

std::string http_date(Time time) {
  const Calendar c = calendar(time);
  const std::chrono::weekday day(std::chrono::floor<days>(time));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[day.iso_encoding() - 1], c.day,
                     months[static_cast<size_t>(c.month - 1)], c.year, c.hour, c.minute, c.second);
}

std::string compact_utc(Time time) {
  const Calendar c = calendar(time);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::optional<Time> from_rfc3339(std::string_view text) {
  Scanner in(text);
  Calendar c{};
  c.year = in.digits(4);
  in.literal("-");
  c.month = in.digits(2);
  in.literal("-");
  c.day = in.digits(2);
  in.one_of("Tt");
  read_clock(in, c);
  if (in.next_is('.')) {
    in.literal(".");
    in.skip_digits();
  }
  minutes offset{0};
  const char zone = in.one_of("Zz+-");
  if (zone == '+' || zone == '-') {
    const int offset_hours = in.digits(2);
    in.literal(":");
    const int offset_minutes = in.digits(2);
    if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
    offset = hours(offset_hours) + minutes(offset_minutes);
  }
  if (!in.at_end()) return std::nullopt;
  const std::optional<Time> local = from_calendar(c);
  if (!local) return std::nullopt;
  const Time time = zone == '-' ? *local + offset : *local - offset;
  // A leap second or the offset can lead to a year that `rfc3339` could not write.
  const int year = calendar(time).year;
  return year < 0 || year > 9999 ? std::nullopt : std::optional(time);
}

std::optional<Time> from_http_date(std::string_view text) {
  Scanner in(text);
  Calendar c{};
  in.name(weekdays);
  in.literal(", ");
  c.day = in.digits(2);
  in.literal(" ");
  c.month = in.name(months) + 1;
  in.literal(" ");
  c.year = in.digits(4);
  in.literal(" ");
  read_clock(in, c);
  in.literal(" GMT");
  return in.at_end() ? from_calendar(c) : std::nullopt;
}

Millis Deadline::left() const {
  // Rounded up, so that a wait of this length ends after the deadline and not just before it.
  const auto left = std::chrono::ceil<Millis>(end_ - std::chrono::steady_clock::now());
  return std::max(left, Millis(0));
}

Deadline Deadline::at_most(Millis limit) const { return Deadline(std::min(left(), limit)); }

}  // namespace certo
