#include "acme/poll.h"

#include <algorithm>
#include <array>

namespace certo::acme {
namespace {

using namespace std::chrono_literals;

constexpr Millis early = 10s;  // most validations are over by then

}  // namespace

Millis next_poll(int attempt, std::optional<Seconds> suggested) {
  static constexpr std::array<Millis, 10> ladder{25ms, 150ms, 400ms, 1s, 2s, 4s, 8s, 16s, 32s, 60s};
  static constexpr std::array<Millis, 10> slow_ladder{25ms, 150ms, 400ms, 1s, 2s, 4s, 5s, 10s, 20s, 30s};
  const size_t step = std::min(static_cast<size_t>(attempt), ladder.size() - 1);
  if (!suggested || *suggested < 1s) return slow_ladder[step];
  return std::min(ladder[step], Millis(std::min<Seconds>(*suggested, 60s)));
}

bool is_look_due(const Polled& polled, size_t authorizations) {
  constexpr int polls_before_a_look = 3;
  if (polled.elapsed <= early) return polled.attempts % polls_before_a_look == 0;
  return polled.elapsed - polled.last_look >= authorizations * Millis(40s);
}

Millis next_look(const Polled& polled, size_t authorizations) {
  const Millis wait = next_poll(polled.attempts, {});
  return polled.elapsed <= early ? wait : std::max(wait, Millis(authorizations * Millis(12s)));
}

}  // namespace certo::acme
