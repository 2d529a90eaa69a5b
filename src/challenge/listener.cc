#include "challenge/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "base/log.h"
#include "os/failure.h"

namespace certo::challenge {
namespace {

constexpr size_t most_connections = 64;
constexpr Millis rest(100);  // before the next accept, if no descriptor is left

/// Threads that are started while one lives get no signals: those are for the main thread.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

bool is_out_of_descriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// "192.0.2.1", "2001:db8::1"
std::string address_text(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
    return text;
  }
  const in6_addr& six = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  // One socket takes both families, so that IPv4 comes as ::ffff:192.0.2.1.
  if (IN6_IS_ADDR_V4MAPPED(&six))
    ::inet_ntop(AF_INET, six.s6_addr + 12, text, sizeof text);
  else
    ::inet_ntop(AF_INET6, &six, text, sizeof text);
  return text;
}

bool is_for_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Listener::Listener(const Listen& where, std::string name, Begin begin)
    : name_(std::move(name)),
      begin_(std::move(begin)),
      socket_(listen_on(where)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!stop_) os::fail("eventfd", "cannot listen", errno, Exit::failed);
  const SignalsBlocked in_the_thread;
  thread_ = std::thread([this] { run(); });
}

Listener::~Listener() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

int Listener::port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
  return ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port);
}

void Listener::run() {
  try {
    while (wait()) {
    }
  } catch (const std::exception& error) {
    log::warn(std::string("the listener stopped: ") + error.what());
  }
}

/// One turn; false when it is time to stop.
bool Listener::wait() {
  std::erase_if(connections_, [](const Connection& connection) { return connection.end.passed(); });
  if (full_until_ && full_until_->passed()) full_until_.reset();
  const short accepting = full_until_ ? 0 : POLLIN;
  std::vector<pollfd> watched = {{stop_.get(), POLLIN, 0}, {socket_.get(), accepting, 0}};
  for (const Connection& connection : connections_) {
    const short events = connection.waits == Conversation::Waits::to_write ? POLLOUT : POLLIN;
    watched.push_back({connection.fd.get(), events, 0});
  }
  if (::poll(watched.data(), watched.size(), static_cast<int>(pause().count())) <= 0) return true;
  if (watched[0].revents) return false;

  auto connection = connections_.begin();
  for (size_t i = 2; i < watched.size(); ++i) {
    const auto current = connection++;
    if (watched[i].revents) attend(current);
  }
  if (watched[1].revents) accept_all();
  return true;
}

/// Until the oldest connection ends or the next accept; -1: no limit.
Millis Listener::pause() const {
  if (connections_.empty() && !full_until_) return Millis(-1);
  Millis pause = rest;
  if (!connections_.empty()) pause = connections_.front().end.left();
  if (full_until_) pause = std::min(pause, full_until_->left());
  return pause + Millis(1);
}

void Listener::accept_all() {
  for (;;) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    os::Fd fd(
        ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd && is_out_of_descriptors(errno)) {
      // The waiting connection keeps the socket readable: without a rest this would spin.
      if (connections_.empty()) full_until_ = Deadline(rest);
      if (connections_.empty()) return;
      connections_.pop_front();
      continue;
    }
    if (!fd) return;
    if (connections_.size() == most_connections) connections_.pop_front();
    Connection& connection = connections_.emplace_back();
    connection.fd = std::move(fd);
    connection.peer = address_text(peer);
    connection.conversation = begin_(connection.fd.get());
  }
}

/// Bytes after the last answer are read and dropped: closing a socket with unread bytes would cancel the
/// answer.
void Listener::attend(std::list<Connection>::iterator connection) {
  const int fd = connection->fd.get();
  if (!connection->is_over) {
    connection->waits = connection->conversation->go_on();
    if (connection->waits != Conversation::Waits::no_longer) return;
    log::debug(name_ + ": " + connection->peer + " " + connection->conversation->summary());
    connection->is_over = true;
    ::shutdown(fd, SHUT_WR);
  }
  char dropped[4096];
  const ssize_t got = ::recv(fd, dropped, sizeof dropped, 0);
  if (got > 0 || (got < 0 && is_for_later(errno))) return;
  connections_.erase(connection);
}

}  // namespace certo::challenge
