#include "net/retry_after.h"

#include <algorithm>

#include "base/text.h"

namespace certo::net {

std::optional<Seconds> retry_after(std::string_view header, Time now) {
  constexpr Seconds longest = std::chrono::years(10);
  header = trim(header);
  if (header.empty()) return {};
  if (header.find_first_not_of("0123456789") == header.npos) {
    const auto seconds = number(header, 0, longest.count());
    return seconds ? Seconds(*seconds) : longest;
  }
  std::optional<Time> date = from_http_date(header);
  if (!date) return {};
  return std::clamp(Seconds(*date - now), Seconds(0), longest);
}

}  // namespace certo::net
