// The files of one certificate on their way to their places: staged next to them, checked, switched, and put
// back if a later step fails.
#pragma once

#include <string>
#include <vector>

#include "install/material.h"
#include "install/plan.h"

namespace certo::install {

class Transaction {
 public:
  /// `plan_file`: where the plan is kept, so that the next run repairs what a run that dies leaves. `places`: the
  /// open and locked folders of the targets; they outlive this object.
  Transaction(std::string plan_file, os::Places& places) : file_(std::move(plan_file)), places_(places) {}
  /// Puts the old files back unless `finish` was called.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Writes and checks everything that is new, keeps everything that is old, and leaves the targets as they
  /// are. The installations share `reload`. Throws Error{cannot_write}, {not_permitted}, {usage}.
  void stage(const std::vector<const Installation*>& installations, const Material& material,
             const std::string& reload);
  /// From here on the new files are in their places.
  void switch_over();
  /// Puts the old ones back. Throws if it cannot; the next run continues with it.
  void undo();
  /// The new files stay: from now on a run that dies does not put the old ones back.
  void keep();
  /// Removes the old files' second names and the plan.
  void finish();

 private:
  struct Waiting;
  void add(const Installation& installation, const Target& target, const Material& material,
           std::vector<Waiting>& all);
  void keep_previous();
  void drop_plan();

  std::string file_;
  os::Places& places_;
  Plan plan_;
  bool is_open_ = false;
};

/// Completes or undoes what a run that died has left, and removes the plan. Returns the reload command that has
/// to run because old files were put back, or "". Throws Error{later} if another program holds a folder for
/// longer than `wait`.
std::string recover(const std::string& plan_file, Millis wait);

}  // namespace certo::install
