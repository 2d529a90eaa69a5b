#include "webserver/nginx_tls_listen.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "webserver/nginx_block.h"

namespace certo::webserver {
namespace {

constexpr int plain_port = 80, tls_port = 443;
constexpr std::string_view any_ipv4 = "*:443", any_ipv6 = "[::]:443";

Address on_tls_port(const Address& address) {
  const std::string host = address.text.substr(0, address.text.rfind(':') + 1);
  return {host + std::to_string(tls_port), address.family, tls_port};
}

std::vector<std::string> options_of(const Listen& listen) {
  std::vector<std::string> words;
  for (size_t at = 2; listen.from.file && at < listen.from.words(); ++at)
    words.push_back(listen.from.word(at));
  return words;
}

bool takes_ipv4_too(const Listen& listen) {
  return std::ranges::count(options_of(listen), "ipv6only=off") > 0;
}

/// nginx takes the options of a socket from the one line that has some, and compares the others' words among
/// each other.
bool has_socket_options(const Listen& listen) {
  constexpr std::string_view names[] = {"bind",     "setfib",    "fastopen",      "backlog",
                                        "rcvbuf",   "sndbuf",    "accept_filter", "deferred",
                                        "ipv6only", "reuseport", "so_keepalive"};
  return std::ranges::any_of(options_of(listen), [&](const std::string& word) {
    return std::ranges::find(names, std::string_view(word).substr(0, word.find('='))) != std::end(names);
  });
}

bool is_any(const Address& address) {
  return address.text.starts_with("*:") || address.text.starts_with("[::]:");
}

/// One socket would take connections to the other one's address.
bool is_overlap(const Address& a, const Address& b) {
  return a == b || (a.family == b.family && a.port == b.port && (is_any(a) || is_any(b)));
}

const Address* address_of(const Listen& listen, const std::string& text) {
  const auto found = std::ranges::find(listen.addresses, text, &Address::text);
  return found == listen.addresses.end() ? nullptr : &*found;
}

/// {1, 25, 3} of "openresty/1.25.3.1"; zeros for a server that counts otherwise.
std::array<int64_t, 3> version_of(const NginxBuild& build) {
  const size_t slash = build.version.find('/');
  const std::string brand = build.version.substr(0, slash);
  std::array<int64_t, 3> numbers{};
  if (slash == std::string::npos || (brand != "nginx" && brand != "openresty" && brand != "freenginx"))
    return numbers;
  const std::vector<std::string> parts = split(build.version.substr(slash + 1), '.');
  for (size_t i = 0; i < numbers.size() && i < parts.size(); ++i)
    numbers[i] = number(parts[i], 0, INT32_MAX).value_or(0);
  return numbers;
}

}  // namespace

Http2 http2_of(const NginxBuild& build) {
  constexpr std::array<int64_t, 3> with_word{1, 9, 5}, with_directive{1, 25, 1};
  const auto version = version_of(build);
  if (!build.has_http2 || version < with_word) return Http2::none;
  return version < with_directive ? Http2::word_of_listen : Http2::directive;
}

ListenPlanner::ListenPlanner(const NginxConfig& config, const std::vector<VirtualHost>& hosts,
                             const NginxBuild& build)
    : stream_(stream_listens(config)), http2_(http2_of(build)) {
  for (const VirtualHost& host : hosts)
    for (const Listen& listen : host.listens)
      for (const Address& address : listen.addresses) {
        if (listen.is_quic) continue;
        by_address_[address.text].push_back({&host, &listen});
        is_dual_ = is_dual_ || (address.text == any_ipv6 && takes_ipv4_too(listen));
      }
}

const ListenPlanner::Neighbour* ListenPlanner::first_at(const std::string& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : &found->second.front();
}

std::vector<Address> ListenPlanner::wanted(const VirtualHost& host) const {
  std::vector<Address> all;
  const auto add = [&](Address address) {
    // Two sockets for one address cannot be.
    if (is_dual_ && address.text == any_ipv4) address = {std::string(any_ipv6), Family::ipv6, tls_port};
    if (std::ranges::find(all, address) == all.end()) all.push_back(std::move(address));
  };
  for (const Listen& listen : host.listens)
    for (const Address& address : listen.addresses) {
      if (listen.is_quic || speaks_tls(host, listen) || address.port != plain_port) continue;
      // "ipv6only=off" is an option of the socket, so IPv4 gets a line of its own.
      if (address.text == "[::]:80" && takes_ipv4_too(listen))
        add({std::string(any_ipv4), Family::ipv4, tls_port});
      add(on_tls_port(address));
    }
  return all;
}

/// nginx takes "ssl" for the whole address, so blocks without it would no longer answer http.
void ListenPlanner::refuse_plain(const Address& address) const {
  for (const Neighbour& one : by_address_.at(address.text))
    if (!speaks_tls(*one.host, *one.listen))
      throw Error(Exit::config,
                  one.listen->from.place() + ": listens on " + address.text +
                      " without 'ssl', and TLS on this address would end its http",
                  "add 'ssl' and a certificate there, or give that block another port");
}

/// A listener for one address takes all connections to it away from the blocks that listen on any address.
void ListenPlanner::refuse_shadow(const VirtualHost& host, const Address& address) const {
  if (address.text == any_ipv4 || address.text == any_ipv6) return;
  std::vector<std::string> wider;
  if (address.family != Family::ipv6) wider.emplace_back(any_ipv4);
  if (address.family != Family::ipv4 || is_dual_) wider.emplace_back(any_ipv6);
  for (const std::string& one : wider)
    if (const Neighbour* const other = first_at(one); other && other->host != &host)
      throw Error(Exit::config,
                  host.place() + ": a listener on " + address.text +
                      " would take the connections to this address away from " + other->host->place() +
                      ", which listens on " + one,
                  "write 'listen " + address.text + " ssl;' into the blocks that shall answer there");
}

/// Linux has no two sockets that listen on one address, be it that one of them listens on any address. Within
/// `http` nginx opens one for both, but a reload opens it while the old one is still there.
void ListenPlanner::refuse_unbindable(const VirtualHost& host, const Address& address) const {
  for (const StreamListen& one : stream_)
    for (const Address& other : one.addresses)
      if (is_overlap(address, other))
        throw Error(Exit::config,
                    one.line.place() + ": 'stream' listens on " + other.text +
                        ", so 'http' cannot listen on " + address.text,
                    "write 'listen 127.0.0.1:PORT ssl;' into " + host.place() +
                        ", and pass the name on from 'stream'");
  for (const auto& [text, neighbours] : by_address_)
    if (const Address* const other = address_of(*neighbours.front().listen, text);
        other && is_overlap(address, *other))
      throw Error(Exit::config,
                  host.place() + ": nginx has a listener on " + text + " (" +
                      neighbours.front().host->place() + "), and a reload cannot open " + address.text +
                      " next to it",
                  "write 'listen " + address.text +
                      " ssl;' with a certificate into this block and restart nginx, "
                      "then run certo again");
}

std::string ListenPlanner::words_at(const Address& address) const {
  const std::vector<Neighbour>& all = by_address_.at(address.text);
  auto example = std::ranges::find_if(all, [](const Neighbour& one) {
    return !has_socket_options(*one.listen) && std::ranges::count(options_of(*one.listen), "ssl") > 0;
  });
  if (example == all.end())
    example = std::ranges::find_if(
        all, [](const Neighbour& one) { return std::ranges::count(options_of(*one.listen), "ssl") > 0; });
  std::string words = " ssl";
  if (example == all.end()) return words;
  // Where nginx warns of the word "http2", it warns of lines without it only if two lines of the address have
  // it.
  const auto with_http2 = std::ranges::count_if(
      all, [](const Neighbour& one) { return std::ranges::count(options_of(*one.listen), "http2") > 0; });
  const bool copies_http2 = http2_ != Http2::directive || with_http2 > 1;
  for (const std::string& word : options_of(*example->listen))
    if ((word == "http2" && copies_http2) || word == "spdy" || word == "proxy_protocol") words += " " + word;
  return words;
}

NewListeners ListenPlanner::plan(const VirtualHost& host) const {
  NewListeners plan;
  // With the first "listen" of a block, the one that it has without any is gone.
  if (host.listens.size() == 1 && !host.listens.front().from.file) plan.lines.emplace_back("listen 80;");
  for (const Address& address : wanted(host)) {
    std::string words = " ssl";
    if (first_at(address.text)) {
      refuse_plain(address);
      if (listen_at(host, address)) continue;
      words = words_at(address);
    } else {
      refuse_shadow(host, address);
      refuse_unbindable(host, address);
      if (http2_ == Http2::word_of_listen) words += " http2";
      plan.wants_http2_directive = http2_ == Http2::directive;
      plan.opened.push_back(address);
    }
    const std::string where = address.text == any_ipv4 ? std::to_string(tls_port) : address.text;
    plan.lines.push_back("listen " + where + words + ";");
    plan.addresses.push_back(address);
  }
  return plan;
}

}  // namespace certo::webserver
