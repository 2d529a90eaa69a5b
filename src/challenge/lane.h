// A DNS provider in its lane: an API never sees two changes at once, not from two certo runs
// either, because many a service reads, edits and writes a whole zone.
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
  /// `lock_timeout`: how long another run's change is waited for.
  Lane(const store::Home& home, const store::Way& way, Millis lock_timeout);

  /// Throws Error{config} when there is no such provider.
  void require_provider() const { provider(); }
  /// Throws what the provider throws; Error{later} when the lane stays taken.
  void present(const std::vector<DnsRecord>& records, const Deadline& deadline) const;
  void cleanup(const std::vector<DnsRecord>& records) const;
  Seconds propagation() const { return provider()->propagation(); }
  bool holds_one_value() const { return provider()->holds_one_value(); }

 private:
  std::unique_ptr<provider::Provider> provider(Millis deadline = Seconds(120)) const;
  std::string lock_path(const std::string& provider) const;

  const store::Home& home_;
  store::Way way_;
  Millis lock_timeout_;
};

/// One readable file name: other bytes than letters, digits, '-', '_' and inner '.' become %XX.
std::string lane_name(const std::string& provider);

}  // namespace certo::challenge
