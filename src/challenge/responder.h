// A server for key authorizations, on a thread of its own. The whole network can reach it, so it has limits:
// 8 KiB for a request, 5 s for a connection, and 64 connections, of which the oldest is dropped for a new
// one.
#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "challenge/http01.h"
#include "challenge/listen.h"
#include "os/fd.h"

namespace certo::challenge {

class Responder {
 public:
  /// Throws as listen_on does.
  explicit Responder(const Listen& where);
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  void serve(const std::string& token, const std::string& key_authorization);
  void forget(const std::string& token);
  int port() const;

 private:
  struct Connection {
    os::Fd fd;
    std::string peer;            // its address
    std::string request, reply;  // the part of the reply that has not been sent
    bool is_answered = false;
    Deadline end{Seconds(5)};
  };
  void run();
  bool wait();
  void accept_all();
  Millis pause() const;
  void attend(short events, std::list<Connection>::iterator connection);
  void receive(Connection& connection);
  void send(Connection& connection);

  os::Fd socket_, stop_;
  std::mutex mutex_;  // of tokens_
  Tokens tokens_;
  // Only the thread uses these.
  std::list<Connection> connections_;   // the oldest first
  std::optional<Deadline> full_until_;  // no descriptor was left for a new connection
  std::thread thread_;
};

}  // namespace certo::challenge
