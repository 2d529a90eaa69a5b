#include "store/propagation.h"

#include <charconv>
#include <string_view>

#include "base/error.h"

namespace certo::store {
namespace {

constexpr std::string_view no_settings = "none";
constexpr std::string_view wait_prefix = "wait=";
constexpr int longest_wait = 3600;

}  // namespace

Propagation parse_propagation(const std::string& text) {
  if (text.empty()) return AskServers{};
  if (text == no_settings) return NoWait{};
  if (text.starts_with(wait_prefix)) {
    const char* const end = text.data() + text.size();
    int seconds = -1;
    const auto [stop, failure] = std::from_chars(text.data() + wait_prefix.size(), end, seconds);
    if (failure == std::errc() && stop == end && seconds >= 0 && seconds <= longest_wait)
      return FixedWait{Seconds(seconds)};
  }
  throw Error(Exit::usage, "--propagation: '" + text + "' is not a policy",
              "use none, or wait=SECONDS with at most " + std::to_string(longest_wait) +
                  "; without --propagation, certo asks all name servers of the zone");
}

std::string to_text(const Propagation& propagation) {
  struct Text {
    std::string operator()(const AskServers&) const { return {}; }
    std::string operator()(const NoWait&) const { return std::string(no_settings); }
    std::string operator()(const FixedWait& wait) const {
      return std::string(wait_prefix) + std::to_string(wait.time.count());
    }
  };
  return std::visit(Text(), propagation);
}

}  // namespace certo::store
