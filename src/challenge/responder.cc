#include "challenge/responder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "base/log.h"
#include "challenge/listen.h"
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

Responder::Responder(const Listen& where)
    : socket_(listen_on(where)), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!stop_) os::fail("eventfd", "cannot listen", errno, Exit::failed);
  const SignalsBlocked in_the_thread;
  thread_ = std::thread([this] { run(); });
}

Responder::~Responder() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void Responder::serve(const std::string& token, const std::string& key_authorization) {
  const std::lock_guard guard(mutex_);
  tokens_[token] = key_authorization;
}

void Responder::forget(const std::string& token) {
  const std::lock_guard guard(mutex_);
  tokens_.erase(token);
}

int Responder::port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
  return ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port);
}

void Responder::run() {
  try {
    while (wait()) {
    }
  } catch (const std::exception& error) {
    log::warn(std::string("the responder stopped: ") + error.what());
  }
}

/// One turn; false when it is time to stop.
bool Responder::wait() {
  std::erase_if(connections_, [](const Connection& connection) { return connection.end.passed(); });
  if (full_until_ && full_until_->passed()) full_until_.reset();
  const short accepting = full_until_ ? 0 : POLLIN;
  std::vector<pollfd> watched = {{stop_.get(), POLLIN, 0}, {socket_.get(), accepting, 0}};
  for (const Connection& connection : connections_) {
    const short events = connection.reply.empty() ? POLLIN : POLLOUT;
    watched.push_back({connection.fd.get(), events, 0});
  }
  if (::poll(watched.data(), watched.size(), static_cast<int>(pause().count())) <= 0) return true;
  if (watched[0].revents) return false;

  auto connection = connections_.begin();
  for (size_t i = 2; i < watched.size(); ++i) attend(watched[i].revents, connection++);
  if (watched[1].revents) accept_all();
  return true;
}

/// Until the oldest connection ends or the next accept; -1: no limit.
Millis Responder::pause() const {
  if (connections_.empty() && !full_until_) return Millis(-1);
  Millis pause = rest;
  if (!connections_.empty()) pause = connections_.front().end.left();
  if (full_until_) pause = std::min(pause, full_until_->left());
  return pause + Millis(1);
}

void Responder::accept_all() {
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
  }
}

void Responder::attend(short events, std::list<Connection>::iterator connection) {
  if (!events) return;
  if (connection->reply.empty()) receive(*connection);
  if (!connection->reply.empty()) send(*connection);
  if (!connection->fd) connections_.erase(connection);
}

/// Bytes after the request are read and dropped: closing a socket with unread bytes would cancel the reply.
void Responder::receive(Connection& connection) {
  char buffer[4096];
  const ssize_t got = ::recv(connection.fd.get(), buffer, sizeof buffer, 0);
  if (got < 0 && is_for_later(errno)) return;
  if (got <= 0) {
    if (!connection.is_answered) log::debug("standalone: " + connection.peer + " left without a request");
    connection.fd.reset();
    return;
  }
  if (connection.is_answered) return;
  connection.request.append(buffer, static_cast<size_t>(got));
  std::optional<std::string> reply;
  {
    const std::lock_guard guard(mutex_);
    reply = reply_to(connection.request, tokens_);
  }
  if (!reply) return;
  log::debug("standalone: " + connection.peer + " asked " + summary(connection.request, *reply));
  connection.reply = *std::move(reply);
  connection.is_answered = true;
}

void Responder::send(Connection& connection) {
  const ssize_t sent =
      ::send(connection.fd.get(), connection.reply.data(), connection.reply.size(), MSG_NOSIGNAL);
  if (sent < 0 && is_for_later(errno)) return;
  if (sent < 0) {
    connection.fd.reset();
    return;
  }
  connection.reply.erase(0, static_cast<size_t>(sent));
  if (connection.reply.empty()) ::shutdown(connection.fd.get(), SHUT_WR);
}

}  // namespace certo::challenge
