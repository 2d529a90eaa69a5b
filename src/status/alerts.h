// Alerts: what somebody should hear of although no run failed. certo reports each once a day at most, and
// keeps the time of the last report in alerts.json of the state folder. So it does with failures that the
// schedule meets again in each run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "status/model.h"
#include "store/home.h"

namespace certo::status {

/// In the order of the reports.
enum class Topic { late, expires, endpoint, will_fail };
std::string_view word(Topic topic);  // "late": CERTO_EVENT

struct Alert {
  Topic topic = Topic::late;
  std::string subject;  // a certificate, or "shop, www.example.com:443"
  std::string what, advice;
};

/// Those of an overview. A server that cannot be reached now does not count: it may be restarting.
std::vector<Alert> alerts_of(const Overview& overview);

/// When certo reported alerts, and when it asked the servers of certificates.
class Reported {
 public:
  /// After a damaged or absent file, all alerts are new. That of a newer certo stays as it is.
  explicit Reported(const store::Home& home);

  /// Without those that were reported within a day. The rest is noted, and old ones are forgotten.
  std::vector<Alert> take_new(std::vector<Alert> alerts, Time now);
  /// The same for a failure that a pass reports; false if it was reported within a day.
  bool take_new(const std::string& failure, Time now);
  bool has(const std::string& failure, Time now) const;
  bool must_ask_servers(Time now) const;
  void note_servers_asked(Time now) { asked_ = now; }
  /// Does nothing if nothing has changed. Throws Error{cannot_write}.
  void save() const;

 private:
  std::string path_;
  std::map<std::string, Time> reported_;
  Time asked_{};
  std::string before_;
  bool is_newer_ = false;
};

}  // namespace certo::status
