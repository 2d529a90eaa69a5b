#include "acme/poll.h"

#include <algorithm>
#include <array>

namespace certo::acme {

Millis next_poll(int attempt, std::optional<Seconds> suggested) {
  using namespace std::chrono_literals;
  static constexpr std::array<Millis, 10> ladder{25ms, 150ms, 400ms, 1s, 2s, 4s, 8s, 16s, 32s, 60s};
  Millis ceiling = std::clamp(suggested.value_or(5s), 1s, 60s);
  return std::min(ladder[std::min<size_t>(static_cast<size_t>(attempt), ladder.size() - 1)], ceiling);
}

}  // namespace certo::acme
