// A server for key authorizations: http-01 without a web server.
#pragma once

#include <mutex>
#include <string>

#include "challenge/http01.h"
#include "challenge/listener.h"

namespace certo::challenge {

class Responder {
 public:
  /// Throws as listen_on does.
  explicit Responder(const Listen& where);

  void serve(const std::string& token, const std::string& key_authorization);
  void forget(const std::string& token);
  int port() const { return listener_.port(); }

 private:
  std::mutex mutex_;  // of tokens_
  Tokens tokens_;
  Listener listener_;  // the last: its thread uses the others
};

}  // namespace certo::challenge
