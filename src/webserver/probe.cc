#include "webserver/probe.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "net/web_look.h"
#include "os/signals.h"

namespace certo::webserver {
namespace {

constexpr Millis one_look = Seconds(5);
constexpr size_t at_once = 64;

net::WebLook look_of(const Spot& spot, const std::string& token) {
  const auto [address, port] = *reachable(spot.address);
  std::string host = spot.name;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  // With the port of the rule, because a name in a Host header has none.
  return {{.is_https = spot.has_tls,
           .host = host,
           .port = spot.has_tls ? 443 : 80,
           .path = "/.well-known/acme-challenge/" + token},
          address,
          port};
}

std::string fault_of(const net::WebSight& sight, const std::string& content) {
  if (sight.kind != net::WebSight::Kind::answered) return sight.reason;
  if (sight.status != 200)
    return "answers " + std::to_string(sight.status) +
           (sight.location.empty() ? "" : " to " + printable(sight.location, 100));
  return trim(sight.body) == content ? "" : "answers with another text";
}

}  // namespace

std::optional<std::pair<std::string, int>> reachable(const Address& address) {
  if (address.family == Family::unix_socket || address.family == Family::name) return {};
  std::string host = address.text.substr(0, address.text.rfind(':'));
  if (host == "*" || host == "0.0.0.0") host = "127.0.0.1";
  if (host == "[::]") host = "[::1]";
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return std::pair(host, address.port);
}

std::string missing_token(const std::vector<Spot>& spots, const std::string& token,
                          const std::string& content, Millis limit) {
  const log::Waiting live("looking whether the server answers the challenge");
  const Deadline until(limit);
  std::vector<Spot> open = spots;
  std::string fault;
  for (Millis pause(20);;) {
    std::vector<Spot> again;
    for (size_t begin = 0; begin < open.size(); begin += at_once) {
      const size_t end = std::min(begin + at_once, open.size());
      std::vector<net::WebLook> looks;
      for (size_t i = begin; i < end; ++i) looks.push_back(look_of(open[i], token));
      const std::vector<net::WebSight> sights = net::look(looks, one_look);
      for (size_t i = begin; i < end; ++i) {
        const std::string wrong = fault_of(sights[i - begin], content);
        if (wrong.empty()) continue;
        again.push_back(open[i]);
        fault = open[i].name + " on " + open[i].address.text + ": " + wrong;
      }
    }
    open = std::move(again);
    if (open.empty()) return {};
    if (until.left() < pause) return fault;
    os::sleep_for(pause);
    pause = std::min<Millis>(2 * pause, Seconds(1));
  }
}

}  // namespace certo::webserver
