// When the certificates that are due can be ordered, by the limits of their CAs. Nothing is sent or stored.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "renew/limits.h"
#include "store/entry.h"

namespace certo::renew {

class Slots {
 public:
  Slots(const store::Home& home, Time now) : home_(home), now_(now) {}

  /// What the next order for the certificate has to wait for; nothing if it can be sent. The order is
  /// counted, so the next certificate that needs the same limit gets a later time.
  std::optional<Shortage> place(const store::Request& request, const store::Status& status);

 private:
  struct Ca {
    Limits limits;
    store::Ledger ledger;
  };
  Ca& ca(const std::string& directory);
  std::string& account(const std::string& directory, const std::string& name);

  const store::Home& home_;
  Time now_;
  std::map<std::string, Ca> cas_;
  std::map<std::pair<std::string, std::string>, std::string> accounts_;  // URLs
};

}  // namespace certo::renew
