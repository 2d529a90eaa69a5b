#include "crypto/coming_key.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "os/signals.h"

namespace certo::crypto {

ComingKey::ComingKey(KeyType type)
    : key_(std::async(std::launch::async,
                      [type, stop = stop_.get_token()] { return PrivateKey::generate(type, stop); })) {}

ComingKey::~ComingKey() { stop_.request_stop(); }

PrivateKey ComingKey::get(const Deadline& deadline) {
  constexpr Millis pace(100);
  const log::Waiting live("making the key");
  while (key_.wait_for(std::min(pace, deadline.left())) != std::future_status::ready) {
    os::check_signal();
    log::tick();
    if (deadline.passed())
      throw Error(Exit::unreachable, "gave up at the deadline, making the key",
                  "--deadline SECONDS allows more time; a key of type ec-256 is made at once");
  }
  return key_.get();
}

}  // namespace certo::crypto
