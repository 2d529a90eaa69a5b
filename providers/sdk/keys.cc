#include "sdk/keys.h"

namespace certo::sdk {
namespace {

constexpr std::string_view challenge_label = "_acme-challenge.";

}  // namespace

std::string challenged(const std::string& name) {
  return name.starts_with(challenge_label) ? name.substr(challenge_label.size()) : name;
}

std::optional<std::string> key_of(const std::string& list, const std::string& name) {
  for (const std::string& pair : split(list, ',')) {
    const size_t colon = pair.find(':');
    if (colon == pair.npos) continue;
    const std::string of = lower(trim(pair.substr(0, colon)));
    if (of == name || std::string(challenge_label) + of == name)
      return std::string(trim(pair.substr(colon + 1)));
  }
  return std::nullopt;
}

}  // namespace certo::sdk
