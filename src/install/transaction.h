// The files of one certificate on their way to their places: staged beside them, checked, switched, and put
// back when what follows fails.
#pragma once

#include <string>
#include <vector>

#include "install/material.h"
#include "install/plan.h"

namespace certo::install {

class Transaction {
 public:
  /// `plan_file`: where the plan is kept, so that a run that dies is healed.
  explicit Transaction(std::string plan_file) : file_(std::move(plan_file)) {}
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
  /// The old ones again. Throws when one cannot be put back; the next run goes on with it.
  void undo();
  /// What is in place stays: from now on a run that dies does not put the old files back.
  void keep();
  /// Removes the old files' second names and the plan.
  void finish();

 private:
  struct Waiting;
  void add(const Installation& installation, const Target& target, const Material& material,
           std::vector<Waiting>& all);
  void drop_plan();

  std::string file_;
  Plan plan_;
  bool is_open_ = false;
};

/// What a run that died has left: completes or undoes it, and removes the plan. Returns the reload command
/// that is owed to the old files, or "".
std::string recover(const std::string& plan_file);

}  // namespace certo::install
