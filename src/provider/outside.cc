#include "provider/outside.h"

#include "base/error.h"
#include "net/authority.h"
#include "net/dns_message.h"

namespace certo::provider {
namespace {

net::HttpSettings http_settings() {
  net::HttpSettings settings;
  settings.user_agent = "certo";
  return settings;
}

}  // namespace

Network::Network(const std::vector<std::string>& resolvers, Millis limit)
    : http_(http_settings()), resolver_(resolvers), limit_(limit) {}

Millis Network::now_ms() {
  return std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch());
}

std::string Network::zone(const std::string& name) {
  const auto found = net::find_authorities(resolver_, {name}, Deadline(limit_));
  const auto authority = found.find(name);
  if (authority == found.end()) throw Error(Exit::failed, "DNS shows no zone for " + name);
  return authority->second.zone;
}

Bytes Network::dns(const std::string& server, const Bytes& message) {
  return net::exchange_dns_message(server, message, limit_);
}

}  // namespace certo::provider
