// What `certo schedule status` says: which schedule there is, when it runs, and what is wrong with it.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "schedule/scheduler.h"
#include "status/model.h"
#include "store/last_pass.h"

namespace certo::commands {

class ScheduleReport {
 public:
  /// One of the programs that may start certo. The first that does is the one that is reported.
  void add(const std::string& kind, const schedule::ScheduleState& state);
  /// Compares the schedule with the rest of the system: its program, its state folder and its last pass.
  /// `root`: as of Scheduler; `home`: the state folder that the user means, or "".
  void look_around(const std::string& root, const std::string& home);

  bool has_schedule() const { return !kind_.empty(); }
  bool is_fine() const { return !kind_.empty() && faults_.empty(); }
  const std::vector<Failure>& faults() const { return faults_; }
  /// For `certo status`: all but the last pass, which it reads from its own state folder.
  void add_facts(status::Schedule& schedule) const;
  void print() const;  // the faults on stderr
  Json json() const;

 private:
  void add_fault(const std::string& error, const std::string& hint);
  void look_at_pass();

  std::string kind_;  // "" if there is no schedule
  std::string home_;
  schedule::ScheduleState state_;
  std::vector<Failure> faults_;
  std::optional<store::LastPass> pass_;
};

}  // namespace certo::commands
