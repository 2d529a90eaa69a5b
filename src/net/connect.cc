#include "net/connect.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "os/signals.h"

namespace certo::net {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Address socket_address(const std::string& text, int port) {
  Address address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<uint16_t>(port));
    address.size = sizeof v4;
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<uint16_t>(port));
    address.size = sizeof v6;
  }
  return address;
}

/// The error of the connection that was begun; ETIMEDOUT at `until`.
int wait_for_connection(int fd, const Deadline& until) {
  if (!wait_for(fd, POLLOUT, until)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

Connected connect_to(const std::string& text, int port, const Deadline& until) {
  const Address address = socket_address(text, port);
  Connected made;
  if (address.size == 0) return made;
  made.fd = os::Fd(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  int error = made.fd ? 0 : errno;
  if (made.fd &&
      ::connect(made.fd.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0)
    error = errno == EINPROGRESS ? wait_for_connection(made.fd.get(), until) : errno;
  if (error == 0) return made;
  made.fd.reset();
  made.is_refused = error == ECONNREFUSED;
  made.has_no_route =
      error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
  return made;
}

CURLcode connect_only(CURL* easy, const std::string& url, Millis limit) {
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limit.count()));
  return curl_easy_perform(easy);
}

bool wait_for(int fd, short event, const Deadline& until) {
  for (;;) {
    os::check_signal();
    pollfd watched[] = {{fd, event, 0}, {os::signal_fd(), POLLIN, 0}};
    ::poll(watched, 2, static_cast<int>(std::min<Millis>(until.left(), Millis(500)).count()) + 1);
    if (watched[0].revents != 0) return true;
    if (until.passed()) return false;
  }
}

}  // namespace certo::net
