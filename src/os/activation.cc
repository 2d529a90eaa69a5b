#include "os/activation.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "base/text.h"

namespace certo::os {
namespace {

constexpr int first_passed = 3;  // SD_LISTEN_FDS_START
constexpr int most_passed = 64;

struct Place {
  std::string address;
  int port = 0;
};

bool is_listening(int fd) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

/// Port 0 for a socket of another family.
Place place_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return {::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text), ntohs(v4.sin_port)};
  }
  if (address.ss_family != AF_INET6) return {};
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  return {::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text), ntohs(v6.sin6_port)};
}

int number_in(const char* variable, int most) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? 0 : static_cast<int>(number(text, 1, most).value_or(0));
}

std::vector<int> passed() {
  std::vector<int> all;
  constexpr int greatest_pid = 1 << 22;
  if (number_in("LISTEN_PID", greatest_pid) != ::getpid()) return all;
  const int count = number_in("LISTEN_FDS", most_passed);
  for (int fd = first_passed; fd < first_passed + count; ++fd) {
    if (!is_listening(fd)) continue;
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    all.push_back(fd);
  }
  return all;
}

}  // namespace

Fd passed_listener(const std::string& address, int port) {
  static const std::vector<int> all = passed();
  for (const int fd : all) {
    const Place place = place_of(fd);
    if (place.port == port && (address.empty() || address == place.address))
      return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  }
  return {};
}

}  // namespace certo::os
