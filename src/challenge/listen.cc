#include "challenge/listen.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/error.h"
#include "base/text.h"
#include "os/activation.h"
#include "os/failure.h"
#include "os/ports.h"

namespace certo::challenge {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress v4_address(in_addr address, int port) {
  SocketAddress result;
  auto& v4 = reinterpret_cast<sockaddr_in&>(result.storage);
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<uint16_t>(port));
  v4.sin_addr = address;
  result.size = sizeof v4;
  return result;
}

SocketAddress v6_address(const in6_addr& address, int port) {
  SocketAddress result;
  auto& v6 = reinterpret_cast<sockaddr_in6&>(result.storage);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(static_cast<uint16_t>(port));
  v6.sin6_addr = address;
  result.size = sizeof v6;
  return result;
}

[[noreturn]] void throw_usage(std::string_view text) {
  throw Error(Exit::usage, "--listen: '" + std::string(text) + "' is not an address and port",
              "for example: 192.0.2.1:8080, [2001:db8::1]:8080, or :8080 for all addresses");
}

bool is_address(const std::string& text) {
  in6_addr any;
  return ::inet_pton(AF_INET, text.c_str(), &any) == 1 || ::inet_pton(AF_INET6, text.c_str(), &any) == 1;
}

enum class Accepts { one_family, ipv4_too };

/// Bound and listening, or nothing with errno set. An IPv6 socket can accept IPv4 connections, too.
os::Fd try_listen(const SocketAddress& address, Accepts what = Accepts::one_family) {
  os::Fd fd(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return {};
  const int yes = 1, only_v6 = what == Accepts::ipv4_too ? 0 : 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (address.storage.ss_family == AF_INET6) {
    ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6);
  }
  if (::bind(fd.get(), address.get(), address.size) == 0 && ::listen(fd.get(), SOMAXCONN) == 0) return fd;
  const int error = errno;
  fd.reset();
  errno = error;
  return {};
}

/// What to do if the port belongs to the web server.
std::string way_around(const Listen& where) {
  if (where.public_port == tls_port)
    return "stop that program meanwhile, or let it pass the CA's connections on to certo: certo help tls-alpn";
  return "stop that program meanwhile, or let it serve the token if it is a web server: --webroot FOLDER";
}

[[noreturn]] void refuse(const Listen& where, int error) {
  const std::string port = "port " + std::to_string(where.port);
  const std::string what = "cannot listen on " + (where.address.empty() ? port : where.address + " " + port);
  switch (error) {
    case EADDRINUSE: {
      const std::string who = join(os::who_listens(where.address, where.port), ", ");
      throw Error(Exit::config, what + ": another program uses it" + (who.empty() ? "" : ": " + who),
                  way_around(where));
    }
    case EADDRNOTAVAIL: throw Error(Exit::config, what + ": this machine does not have the address");
    case EACCES:
    case EPERM:
      throw Error(
          Exit::not_permitted, what + ": not permitted",
          fmt::format("run as root, allow it with 'setcap cap_net_bind_service=+ep certo', or forward port "
                      "{} to another one: --listen :{}",
                      where.public_port, where.public_port + 8000));
    default: os::fail(what, "failed", error, Exit::failed);
  }
}

}  // namespace

Listen parse_listen(std::string_view text, int public_port) {
  if (text.empty()) return {"", public_port, public_port};
  const size_t colon = text.rfind(':');
  if (colon == text.npos) throw_usage(text);
  const std::string_view host = text.substr(0, colon), digits = text.substr(colon + 1);
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');

  Listen where{.public_port = public_port};
  where.address = is_bracketed ? host.substr(1, host.size() - 2) : host;
  const bool is_v6 = where.address.find(':') != std::string::npos;
  if (is_bracketed != is_v6) throw_usage(text);
  if (!where.address.empty() && !is_address(where.address)) throw_usage(text);

  const auto port = number(digits, 1, 65535);
  if (!port) throw_usage(text);
  where.port = static_cast<int>(*port);
  return where;
}

os::Fd listen_on(const Listen& where) {
  if (os::Fd passed = os::passed_listener(where.address, where.port)) return passed;
  os::Fd fd;
  in_addr v4{};
  in6_addr v6 = in6addr_any;
  if (where.address.empty()) {
    fd = try_listen(v6_address(v6, where.port), Accepts::ipv4_too);
    // The kernel has no IPv6, or it is switched off.
    if (!fd && errno != EADDRINUSE && errno != EACCES) fd = try_listen(v4_address(v4, where.port));
  } else if (::inet_pton(AF_INET, where.address.c_str(), &v4) == 1) {
    fd = try_listen(v4_address(v4, where.port));
  } else if (::inet_pton(AF_INET6, where.address.c_str(), &v6) == 1) {
    fd = try_listen(v6_address(v6, where.port));
  } else {
    errno = EADDRNOTAVAIL;
  }
  if (!fd) refuse(where, errno);
  return fd;
}

}  // namespace certo::challenge
