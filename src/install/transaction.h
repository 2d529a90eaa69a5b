// Replaces the files of one certificate: the new files are staged next to the targets, checked and switched;
// the old ones are restored if a later step fails.
#pragma once

#include <string>
#include <vector>

#include "install/material.h"
#include "install/plan.h"

namespace certo::install {

class Transaction {
 public:
  /// `plan_file`: holds the plan, with which the next run completes or undoes the work of a run that died.
  /// `places`: the open and locked folders of the targets; they outlive this object.
  Transaction(std::string plan_file, os::Places& places) : file_(std::move(plan_file)), places_(places) {}
  /// Puts the old files back unless `finish` was called.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Writes and checks every new file, keeps every old one, and does not change the targets. The
  /// installations share `reload`. Throws Error{cannot_write}, {not_permitted}, {usage}.
  void stage(const std::vector<const Installation*>& installations, const Material& material,
             const std::string& reload);
  /// From here on the new files are in their places.
  void switch_over();
  /// Restores the old files. Throws if it cannot; then the next run tries again.
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

/// Completes or undoes the installation of a run that died, and removes the plan. Returns the reload command
/// that has to run because old files were put back, or "". Throws Error{later} if another program holds a
/// folder for longer than `wait`.
std::string recover(const std::string& plan_file, Millis wait);

}  // namespace certo::install
