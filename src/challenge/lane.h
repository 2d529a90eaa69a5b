// A lane is a lock for one DNS provider: a service never sees two changes at once, not even from two certo
// runs, because many services read, edit and write a whole zone.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "provider/provider.h"
#include "store/home.h"
#include "store/presented.h"
#include "store/request.h"

namespace certo::challenge {

class Lane {
 public:
  /// `lock_timeout`: how long to wait for the change of another run.
  Lane(const store::Home& home, const store::Way& way, Millis lock_timeout);

  /// Throws Error{config} if there is no such provider.
  void require_provider() const { provider(); }
  /// Throws what the provider throws; Error{later} if the other run does not end in time.
  void present(const std::vector<DnsRecord>& records, const Deadline& deadline) const;
  void cleanup(const std::vector<DnsRecord>& records) const;
  Seconds propagation() const { return provider()->propagation(); }
  bool holds_one_value() const { return provider()->holds_one_value(); }
  /// What a renewal from cron would not have; see provider/provider.h.
  std::vector<std::string> missing_in_cron() const;

 private:
  provider::Choice choice(Millis deadline) const;
  std::unique_ptr<provider::Provider> provider(Millis deadline = Seconds(120)) const;
  std::string lock_path() const;

  const store::Home& home_;
  store::Way way_;
  Millis lock_timeout_;
};

}  // namespace certo::challenge
