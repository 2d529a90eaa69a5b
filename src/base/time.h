// Time. Wall time (`Time`) is for what is written in certificates and files;
// deadlines use the steady clock, so that setting the system's clock does not matter.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace certo {

using Time = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;
using Millis = std::chrono::milliseconds;

Time now();

std::string rfc3339(Time time);                             // "2026-11-21T02:22:00Z"
std::optional<Time> from_rfc3339(std::string_view text);    // fraction and offset allowed (RFC 3339)
std::optional<Time> from_http_date(std::string_view text);  // IMF-fixdate (RFC 9110 section 5.6.7)
std::string http_date(Time time);                           // "Sun, 06 Nov 1994 08:49:37 GMT", the same
std::string compact_utc(Time time);                         // "20261121T022200Z"

/// A point on the steady clock after which waiting is over.
class Deadline {
 public:
  explicit Deadline(Millis from_now) : end_(std::chrono::steady_clock::now() + from_now) {}
  bool passed() const { return std::chrono::steady_clock::now() >= end_; }
  Millis left() const;  // never negative
  /// The nearer of this deadline and `limit` from now.
  Deadline at_most(Millis limit) const;

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace certo
