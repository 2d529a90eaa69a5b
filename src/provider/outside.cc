#include "provider/outside.h"

#include "base/error.h"
#include "net/dns_message.h"

namespace certo::provider {
namespace {

net::HttpSettings http_settings() {
  net::HttpSettings settings;
  settings.user_agent = "certo";
  return settings;
}

}  // namespace

Network::Network(std::string resolver, Millis limit)
    : http_(http_settings()), resolver_(std::move(resolver)), limit_(limit) {}

std::string Network::zone(const std::string& name) {
  const Deadline deadline(limit_);
  for (std::string at = name; !at.empty(); at = at.find('.') == at.npos ? "" : at.substr(at.find('.') + 1)) {
    const net::DnsAnswer answer = resolver_.ask({at, net::DnsType::soa, {}}, deadline.left());
    if (answer.status == net::DnsStatus::timeout)
      throw Error(Exit::unreachable, "the resolver did not answer which zone has " + name);
    const bool holds = name == answer.soa || name.ends_with("." + answer.soa);
    if (!answer.soa.empty() && holds) return answer.soa;
  }
  throw Error(Exit::failed, "DNS has no zone for " + name);
}

Bytes Network::dns(const std::string& server, const Bytes& message) {
  return net::exchange_dns_message(server, message, limit_);
}

}  // namespace certo::provider
