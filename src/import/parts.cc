#include "import/parts.h"

#include <algorithm>

#include "base/error.h"
#include "net/host.h"

namespace certo::imports {

void attempt(std::vector<std::string>& left, const std::string& subject, const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    if (error.code == Exit::cannot_write) throw;
    const bool is_told = error.message.starts_with(subject);
    left.push_back(is_told ? error.message : subject + ": " + error.message);
  }
}

std::string current_directory(const std::string& url) {
  for (const auto& [old, current] :
       {std::pair{"https://acme-v01.api.letsencrypt.org/", "https://acme-v02.api.letsencrypt.org/directory"},
        {"https://acme-staging.api.letsencrypt.org/",
         "https://acme-staging-v02.api.letsencrypt.org/directory"}}) {
    if (url.starts_with(old)) return current;
  }
  return url;
}

std::string listen_on(const std::string& address, const std::string& port, int usual_port) {
  if (address.empty() && port.empty()) return {};
  return net::bracketed(address) + ":" + (port.empty() ? std::to_string(usual_port) : port);
}

store::Ways ways_of(const std::vector<crypto::Identifier>& identifiers,
                    const std::function<store::Way(size_t)>& way_of) {
  store::Ways ways;
  const size_t last = identifiers.size() - 1;
  ways.usual = way_of(last);
  for (size_t i = 0; i < last; ++i) {
    const store::Way one = way_of(i);
    if (one == ways.usual) continue;
    auto other = std::ranges::find(ways.others, one, &store::OtherWay::way);
    if (other == ways.others.end()) other = ways.others.insert(other, {{}, one});
    other->identifiers.push_back(identifiers[i]);
  }
  return ways;
}

}  // namespace certo::imports
