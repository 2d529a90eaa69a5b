#include "webserver/listen.h"

#include <arpa/inet.h>

#include <optional>

#include "base/text.h"

namespace certo::webserver {
namespace {

constexpr int default_port = 80;
constexpr int port_without_root = 8000;

struct Ports {
  int first = 0, last = 0;
};

/// "80" or "8000-8003".
std::optional<Ports> parse_ports(std::string_view text) {
  const size_t dash = text.find('-');
  const auto first = number(text.substr(0, dash), 1, 65535);
  const auto last = dash == text.npos ? first : number(text.substr(dash + 1), 1, 65535);
  if (!first || !last || *last < *first) return {};
  return Ports{static_cast<int>(*first), static_cast<int>(*last)};
}

std::vector<Address> with_ports(const std::string& host, Family family, Ports ports) {
  std::vector<Address> all;
  for (int port = ports.first; port <= ports.last; ++port)
    all.push_back({host + ":" + std::to_string(port), family, port});
  return all;
}

/// The rest after the address: "" or ":80".
std::optional<Ports> ports_after(std::string_view rest) {
  if (rest.empty()) return Ports{default_port, default_port};
  return rest.front() == ':' ? parse_ports(rest.substr(1)) : std::nullopt;
}

/// One spelling of an IPv6 address, "" if it is none.
std::string ipv6_text(const std::string& text) {
  in6_addr bytes{};
  char buffer[INET6_ADDRSTRLEN] = {};
  if (::inet_pton(AF_INET6, text.c_str(), &bytes) != 1) return {};
  return ::inet_ntop(AF_INET6, &bytes, buffer, sizeof buffer);
}

std::string ipv4_text(const std::string& text) {
  in_addr bytes{};
  char buffer[INET_ADDRSTRLEN] = {};
  if (::inet_pton(AF_INET, text.c_str(), &bytes) != 1) return {};
  return ::inet_ntop(AF_INET, &bytes, buffer, sizeof buffer);
}

std::vector<Address> parse_ipv6(std::string_view text) {
  const size_t end = text.find(']');
  if (end == text.npos) return {};
  const std::string host = ipv6_text(std::string(text.substr(1, end - 1)));
  const auto ports = ports_after(text.substr(end + 1));
  if (host.empty() || !ports) return {};
  return with_ports("[" + host + "]", Family::ipv6, *ports);
}

std::vector<Address> parse_named(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == text.npos)
    if (const auto ports = parse_ports(text)) return with_ports("*", Family::ipv4, *ports);
  const std::string host = lower(text.substr(0, colon));
  const auto ports = ports_after(colon == text.npos ? "" : text.substr(colon));
  if (host.empty() || !ports) return {};
  const std::string address = ipv4_text(host);
  if (host == "*" || address == "0.0.0.0") return with_ports("*", Family::ipv4, *ports);
  return with_ports(address.empty() ? host : address, address.empty() ? Family::name : Family::ipv4, *ports);
}

}  // namespace

std::vector<Address> parse_listen(std::string_view text) {
  constexpr std::string_view unix_socket = "unix:";
  if (text.starts_with(unix_socket) && text.size() > unix_socket.size())
    return {{std::string(text), Family::unix_socket, 0}};
  return text.starts_with('[') ? parse_ipv6(text) : parse_named(text);
}

Listen read_listen(const Found& directive) {
  Listen listen;
  listen.from = directive;
  if (directive.words() > 1) listen.addresses = parse_listen(directive.word(1));
  if (listen.addresses.empty())
    throw Error(Exit::bad_input, directive.place() + ": certo does not understand the address of 'listen'",
                "'nginx -t' shows what nginx says of it");
  for (size_t at = 2; at < directive.words(); ++at) {
    const std::string word = directive.word(at);
    if (word == "default_server" || word == "default") listen.is_default = true;
    if (word == "ssl") listen.has_tls = true;
    if (word == "quic") listen.is_quic = true;
    if (word == "proxy_protocol") listen.takes_proxy_protocol = true;
  }
  return listen;
}

Listen listen_of_none(bool is_root) {
  Listen listen;
  listen.addresses = parse_listen(std::to_string(is_root ? default_port : port_without_root));
  return listen;
}

}  // namespace certo::webserver
