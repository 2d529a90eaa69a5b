// A port that the CA connects to, on a thread of its own. The whole network can reach it, so it has limits: 5
// s for a connection, and 64 connections, of which the oldest is dropped for a new one.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/time.h"
#include "challenge/listen.h"
#include "os/fd.h"

namespace certo::challenge {

/// The talk on one connection. Only the listener's thread uses it.
class Conversation {
 public:
  enum class Waits { to_read, to_write, no_longer };

  virtual ~Conversation() = default;
  /// Continues as far as it can: the descriptor, which does not block, is ready for what it waits for.
  virtual Waits go_on() = 0;
  /// For -vv: "asked GET /: 404 Not Found".
  virtual std::string summary() const = 0;
};

class Listener {
 public:
  using Begin = std::function<std::unique_ptr<Conversation>(int fd)>;

  /// `begin` makes the conversation of each connection. `name`: the method, for -vv. Throws as listen_on
  /// does.
  Listener(const Listen& where, std::string name, Begin begin);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const;

 private:
  struct Connection {
    os::Fd fd;
    std::string peer;  // its address
    std::unique_ptr<Conversation> conversation;
    Conversation::Waits waits = Conversation::Waits::to_read;
    bool is_over = false;  // all is said, and what the peer still sends is dropped
    Deadline end{Seconds(5)};
  };
  void run();
  bool wait();
  void accept_all();
  Millis pause() const;
  void attend(std::list<Connection>::iterator connection);

  const std::string name_;
  const Begin begin_;
  os::Fd socket_, stop_;
  // Only the thread uses these.
  std::list<Connection> connections_;   // the oldest first
  std::optional<Deadline> full_until_;  // no descriptor was left for a new connection
  std::thread thread_;
};

}  // namespace certo::challenge
