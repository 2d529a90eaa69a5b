#include "net/retry_after.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace certo::net {

std::optional<Seconds> retry_after(std::string_view header, Time now) {
  constexpr Seconds longest = std::chrono::years(10);
  header = trim(header);
  if (header.empty()) return {};
  if (header.find_first_not_of("0123456789") == header.npos) {
    int64_t seconds = 0;
    auto [end, failure] = std::from_chars(header.data(), header.data() + header.size(), seconds);
    if (failure == std::errc::result_out_of_range) return longest;
    return std::min(Seconds(seconds), longest);
  }
  std::optional<Time> date = from_http_date(header);
  if (!date) return {};
  return std::clamp(Seconds(*date - now), Seconds(0), longest);
}

}  // namespace certo::net
