#include "acme/poll.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace certo::acme {

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

Millis next_poll(int attempt, std::optional<Seconds> suggested) {
  using namespace std::chrono_literals;
  static constexpr std::array<Millis, 10> ladder{25ms, 150ms, 400ms, 1s, 2s, 4s, 8s, 16s, 32s, 60s};
  Millis ceiling = std::clamp(suggested.value_or(5s), 1s, 60s);
  return std::min(ladder[std::min<size_t>(static_cast<size_t>(attempt), ladder.size() - 1)], ceiling);
}

}  // namespace certo::acme
