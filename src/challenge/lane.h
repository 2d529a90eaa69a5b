// A lane is a lock for one DNS provider: a service never sees two changes at once, not even from two certo
// runs, because many services read, edit and write a whole zone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/dns_record.h"
#include "base/time.h"
#include "challenge/alias.h"
#include "os/lock.h"
#include "provider/provider.h"
#include "store/home.h"
#include "store/way.h"

namespace certo::challenge {

class Lane {
 public:
  /// `lock_timeout`: how long to wait for the change of another run.
  Lane(const store::Home& home, const store::Dns& way, Millis lock_timeout);

  /// Throws Error{config} if there is no such provider.
  void require_provider() const { provider(); }
  /// Throws what the provider throws; Error{later} if the other run does not end in time. `deadline` limits
  /// the wait for the lock and the call together. Throws provider::Untouched if the provider has not been
  /// called.
  void present(const std::vector<DnsRecord>& records, const Deadline& deadline) const;
  void cleanup(const std::vector<DnsRecord>& records, const Deadline& deadline) const;
  Seconds propagation() const { return provider()->propagation(); }
  bool holds_one_value() const { return provider()->holds_one_value(); }
  /// What a renewal from cron would not have; see provider/provider.h.
  std::vector<std::string> missing_in_cron() const;
  /// Whether a CNAME may lead a record of the provider to any name.
  Follow follow() const {
    return provider()->has_own_names() ? Follow::anywhere : Follow::to_challenge_names;
  }

 private:
  provider::Choice choice() const;
  std::unique_ptr<provider::Provider> provider() const;
  os::Lock lock(provider::Provider& provider, const Deadline& deadline) const;

  const store::Home& home_;
  store::Dns way_;
  Millis lock_timeout_;
};

}  // namespace certo::challenge
