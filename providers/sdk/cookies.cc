#include "sdk/cookies.h"

#include <string_view>

#include "base/text.h"

namespace certo::sdk {

void Cookies::take(const Reply& reply) {
  constexpr std::string_view header = "set-cookie:";
  for (const std::string& line : reply.headers) {
    if (!line.starts_with(header)) continue;
    const std::string_view rest = std::string_view(line).substr(header.size());
    std::string pair(trim(rest.substr(0, rest.find(';'))));
    const std::string name = pair.substr(0, pair.find('=') + 1);
    if (name.size() < 2) continue;
    std::erase_if(pairs_, [&](const std::string& other) { return other.starts_with(name); });
    pairs_.push_back(std::move(pair));
  }
}

std::string Cookies::value(const std::string& name) const {
  for (const std::string& pair : pairs_)
    if (pair.starts_with(name + "=")) return pair.substr(name.size() + 1);
  return {};
}

std::string Cookies::text() const { return join(pairs_, "; "); }

}  // namespace certo::sdk
