#include "store/propagation.h"

#include <charconv>
#include <string_view>

#include "base/error.h"

namespace certo::store {
namespace {

constexpr std::string_view kNone = "none";
constexpr std::string_view kWait = "wait=";
constexpr int kLongestWait = 3600;

}  // namespace

Propagation parse_propagation(const std::string& text) {
  if (text.empty()) return AskServers{};
  if (text == kNone) return NoWait{};
  if (text.starts_with(kWait)) {
    const char* const end = text.data() + text.size();
    int seconds = -1;
    const auto [stop, failure] = std::from_chars(text.data() + kWait.size(), end, seconds);
    if (failure == std::errc() && stop == end && seconds >= 0 && seconds <= kLongestWait)
      return FixedWait{Seconds(seconds)};
  }
  throw Error(Exit::usage, "--propagation: '" + text + "' is not a policy",
              "use none, or wait=SECONDS with at most " + std::to_string(kLongestWait) +
                  "; without --propagation, certo asks all name servers of the zone");
}

std::string to_text(const Propagation& propagation) {
  struct Text {
    std::string operator()(const AskServers&) const { return {}; }
    std::string operator()(const NoWait&) const { return std::string(kNone); }
    std::string operator()(const FixedWait& wait) const {
      return std::string(kWait) + std::to_string(wait.time.count());
    }
  };
  return std::visit(Text(), propagation);
}

}  // namespace certo::store
