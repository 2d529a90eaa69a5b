// Alerts: what somebody should hear of although no run failed. Each is told once a day at most; alerts.json
// of the state folder holds when it was told.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "status/model.h"
#include "store/home.h"

namespace certo::status {

/// In the order in which they are told.
enum class Topic { late, expires, endpoint };
std::string_view word(Topic topic);  // "late": CERTO_EVENT

struct Alert {
  Topic topic = Topic::late;
  std::string subject;  // a certificate, or "shop, www.example.com:443"
  std::string what, advice;
};

/// Those of an overview. A server that cannot be reached now is none: it may be restarting.
std::vector<Alert> alerts_of(const Overview& overview);

/// When alerts were told, and when the servers of certificates were asked.
class Told {
 public:
  /// A damaged or absent file: nothing was told.
  explicit Told(const store::Home& home);

  /// Without those that were told within a day; the rest is noted, and what is old is forgotten.
  std::vector<Alert> take_new(std::vector<Alert> alerts, Time now);
  bool must_ask_servers(Time now) const;
  void note_servers_asked(Time now) { asked_ = now; }
  /// Does nothing if nothing has changed. Throws Error{cannot_write}.
  void save() const;

 private:
  std::string path_;
  std::map<std::string, Time> told_;
  Time asked_{};
  std::string before_;
};

}  // namespace certo::status
