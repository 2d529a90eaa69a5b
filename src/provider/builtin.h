// A built-in provider as the rest of certo sees it. Its code runs in a child that is locked in.
#pragma once

#include <string>
#include <vector>

#include "provider/credentials.h"
#include "provider/message.h"
#include "provider/provider.h"
#include "sdk/provider.h"

namespace certo::provider {

class Builtin : public Provider {
 public:
  /// `profile`: which of several accounts; may be empty. Throws Error{config} when a setting is missing.
  Builtin(const certo_provider& provider, const std::string& profile, const Choice& choice);

  const std::string& name() const override { return name_; }
  void present(const std::vector<Record>& records) override;
  void cleanup(const std::vector<Record>& records) override;
  Seconds propagation() const override { return Seconds(provider_.propagation); }
  bool holds_one_value() const override { return (provider_.traits & CERTO_SINGLE_VALUE) != 0; }

 private:
  Outcome change(const char* action, const std::vector<Record>& records) const;

  const certo_provider& provider_;
  std::string name_;
  std::string stored_file_;  // empty: nothing is kept
  std::string resolver_, zone_;
  Millis deadline_;
  Credentials credentials_;
};

}  // namespace certo::provider
