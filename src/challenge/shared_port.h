// One port serves all orders of the process, which run side by side.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "challenge/listen.h"

namespace certo::challenge {

/// `Server` is constructed with a Listen.
template <typename Server>
class SharedPort {
 public:
  static std::shared_ptr<Server> open(const Listen& where) {
    const std::lock_guard guard(mutex());
    std::weak_ptr<Server>& known = servers()[{where.address, where.port}];
    std::shared_ptr<Server> server = known.lock();
    if (!server) known = server = std::make_shared<Server>(where);
    return server;
  }

  /// The port is free again before another order can ask for it.
  static void close(std::shared_ptr<Server>& server) {
    const std::lock_guard guard(mutex());
    server.reset();
  }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static std::map<std::pair<std::string, int>, std::weak_ptr<Server>>& servers() {
    static std::map<std::pair<std::string, int>, std::weak_ptr<Server>> all;
    return all;
  }
};

}  // namespace certo::challenge
