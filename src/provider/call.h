// One call of a provider's code: the host functions of sdk/provider.h, built on Outside.
#pragma once

#include <string>

#include "base/text.h"
#include "base/time.h"
#include "net/http.h"
#include "provider/descriptor.h"
#include "provider/message.h"
#include "recipe/recipe.h"
#include "sdk/provider.h"

namespace certo::provider {

/// Everything that a provider can reach: the network and a clock, or a script in a test.
class Outside : public net::Transport {
 public:
  virtual Time now() = 0;
  /// The same, since 1970.
  virtual Millis now_ms() { return now().time_since_epoch(); }
  virtual void wait(Seconds time) = 0;
  /// The zone of `name` by its SOA record. Throws Error{failed} if there is none.
  virtual std::string zone(const std::string& name) = 0;
  /// One DNS message over TCP. Throws Error{unreachable}, or Error{config} for an invalid address.
  virtual Bytes dns(const std::string& server, const Bytes& message) = 0;
  virtual Bytes random(size_t length);
};

/// Runs task.action of `provider` on task.records. Nothing that the provider does makes it throw.
Outcome call(const certo_provider& provider, const Task& task, Outside& outside);

Outcome call(const recipe::Recipe& recipe, const Task& task, Outside& outside);

}  // namespace certo::provider
