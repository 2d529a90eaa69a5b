// The programs that can start `certo cron`: systemd and cron, of the system or of one user.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/failure.h"
#include "schedule/schedule.h"

namespace certo::schedule {

/// Texts are empty if they are not known.
struct ScheduleState {
  bool is_installed = false;
  std::string file;               // that holds the schedule
  std::string next, last;         // RFC 3339
  std::optional<Plan> plan{};     // as far as the file says it
  std::vector<Failure> faults{};  // why it will not run, and whether its last run failed
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;
  virtual const char* name() const = 0;              // "systemd", "cron"
  virtual bool is_there() const = 0;                 // it runs, or would, on this machine
  virtual bool runs_always() const { return true; }  // also while its user is not logged in
  virtual void install(const Plan&) = 0;             // again: no change
  virtual bool remove() = 0;                         // false if there was none
  virtual ScheduleState state() const = 0;
};

/// The folder of certo.service and certo.timer, for root.
inline constexpr const char* system_units = "/etc/systemd/system";

/// `root`: the folder that takes the place of "/", and then nothing is started or asked; empty: this system.
std::unique_ptr<Scheduler> systemd(std::string root, bool for_root);
std::unique_ptr<Scheduler> cron(std::string root, bool for_root);

}  // namespace certo::schedule
