#include "challenge/responder.h"

#include <sys/socket.h>

#include <cerrno>

namespace certo::challenge {
namespace {

bool is_for_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

/// One request and its reply.
class Request : public Conversation {
 public:
  Request(int fd, std::mutex& mutex, const Tokens& tokens) : fd_(fd), mutex_(mutex), tokens_(tokens) {}

  Waits go_on() override {
    if (reply_.empty() && !receive()) return Waits::no_longer;
    return reply_.empty() ? Waits::to_read : send();
  }

  std::string summary() const override { return summary_; }

 private:
  /// False if the peer has left.
  bool receive() {
    char buffer[4096];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got < 0 && is_for_later(errno)) return true;
    if (got <= 0) return false;
    request_.append(buffer, static_cast<size_t>(got));
    const std::lock_guard guard(mutex_);
    const std::optional<std::string> reply = reply_to(request_, tokens_);
    if (!reply) return true;
    reply_ = *reply;
    summary_ = "asked " + challenge::summary(request_, reply_);
    return true;
  }

  Waits send() {
    const std::string_view rest = std::string_view(reply_).substr(sent_);
    const ssize_t sent = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0) return is_for_later(errno) ? Waits::to_write : Waits::no_longer;
    sent_ += static_cast<size_t>(sent);
    return sent_ < reply_.size() ? Waits::to_write : Waits::no_longer;
  }

  const int fd_;
  std::mutex& mutex_;
  const Tokens& tokens_;
  std::string request_, reply_;
  size_t sent_ = 0;
  std::string summary_ = "left without a request";
};

}  // namespace

Responder::Responder(const Listen& where)
    : listener_(where, "standalone",
                [this](int fd) { return std::make_unique<Request>(fd, mutex_, tokens_); }) {}

void Responder::serve(const std::string& token, const std::string& key_authorization) {
  const std::lock_guard guard(mutex_);
  tokens_[token] = key_authorization;
}

void Responder::forget(const std::string& token) {
  const std::lock_guard guard(mutex_);
  tokens_.erase(token);
}

}  // namespace certo::challenge
