// A key that is being made. RSA takes seconds, so another thread makes it while this one waits for the
// network.
#pragma once

#include <future>
#include <stop_token>

#include "base/time.h"
#include "crypto/key.h"

namespace certo::crypto {

class ComingKey {
 public:
  explicit ComingKey(KeyType type);
  ~ComingKey();  // gives it up if `get` was not called
  ComingKey(const ComingKey&) = delete;
  ComingKey& operator=(const ComingKey&) = delete;

  /// Waits, ticks the live line. Throws Error{unreachable} at the deadline, and Interrupted. Call it once.
  PrivateKey get(const Deadline& deadline);

 private:
  std::stop_source stop_;
  std::future<PrivateKey> key_;
};

}  // namespace certo::crypto
