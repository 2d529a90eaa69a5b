#include "webserver/apache_listen.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace certo::webserver {
namespace {

/// "10.0.0.1", "[::1]" or "*", and "80" or "*".
std::pair<std::string, std::string> host_and_port(const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host == "_default_" || host == "0.0.0.0" || host == "[::]") host = "*";
  return {host, address.substr(colon + 1)};
}

Address address_of(const std::string& host, int port) {
  return {host + ":" + std::to_string(port), host.starts_with('[') ? Family::ipv6 : Family::ipv4, port};
}

/// A host of `own` takes its connections on any socket of its port, unless another host names that address.
std::optional<Address> met_at(const std::string& host, const Address& listen,
                              const std::vector<std::string>& hosts) {
  const std::string socket = host_and_port(listen.text).first;
  if (host != "*") {
    if (socket != "*" && socket != host) return {};
    return address_of(host, listen.port);
  }
  const auto is_taken = [&](const std::string& one) {
    return std::ranges::any_of(hosts, [&](const std::string& other) {
      const auto [name, port] = host_and_port(other);
      return name == one && (port == "*" || port == std::to_string(listen.port));
    });
  };
  const std::vector<std::string> candidates =
      socket == "*" ? std::vector<std::string>{"127.0.0.1", "[::1]"} : std::vector<std::string>{socket};
  const auto free = std::ranges::find_if_not(candidates, is_taken);
  if (free == candidates.end()) return {};
  return address_of(*free, listen.port);
}

}  // namespace

std::optional<Address> parse_apache_listen(std::string_view text) {
  const size_t colon = text.rfind(':');
  const auto port = number(colon == text.npos ? text : text.substr(colon + 1), 1, 65535);
  if (!port) return {};
  std::string host(colon == text.npos ? "*" : text.substr(0, colon));
  if (host.empty()) return {};
  return address_of(host, static_cast<int>(*port));
}

std::vector<Address> sockets_of(const std::string& address, const std::vector<Address>& listens,
                                const std::vector<std::string>& hosts) {
  const auto [host, port] = host_and_port(address);
  std::vector<Address> all;
  for (const Address& one : listens) {
    if (port != "*" && port != std::to_string(one.port)) continue;
    if (auto met = met_at(host, one, hosts); met && std::ranges::find(all, *met) == all.end())
      all.push_back(std::move(*met));
  }
  return all;
}

}  // namespace certo::webserver
