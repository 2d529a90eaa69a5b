// A server for key authorizations, on a thread of its own. It is open to the whole
// network, so it has limits: 8 KiB a request, 5 s a connection, 256 connections of which the
// oldest makes room.
#pragma once

#include <list>
#include <mutex>
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
    std::string request, reply;  // the reply as far as it has not been sent
    bool is_answered = false;
    Deadline end{Seconds(5)};
  };
  void run();
  bool wait();
  void accept_all();
  void attend(short events, std::list<Connection>::iterator connection);
  void receive(Connection& connection);
  void send(Connection& connection);

  os::Fd socket_, stop_;
  std::mutex mutex_;  // of tokens_
  Tokens tokens_;
  std::list<Connection> connections_;  // the oldest first; the thread's own
  std::thread thread_;
};

}  // namespace certo::challenge
