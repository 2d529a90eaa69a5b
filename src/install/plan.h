// install.json of a certificate: an installation in progress. It is on the disk before anything changes, so
// that the next run can undo or complete it. The state of the targets in each stage:
//
//   staging      no target has changed; the new files next to the targets can be removed
//   switching    every new file is complete, and every old one has a second name: all can be restored
//   done         the new files are in place and proven; the second names of the old ones can be removed
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/place.h"

namespace certo::install {

enum class Stage { staging, switching, done };

/// One target. `staged` and `kept` are names in its folder, chosen at random, because another certo may write
/// there at the same time.
struct Step {
  std::string path;
  bool had_previous = false;
  std::string staged{};  // the temporary name of the new file
  std::string kept{};    // the second name of the old one

  std::string folder() const;
  std::string name() const;
};
Step new_step(const std::string& path, bool had_previous);

struct Plan {
  Stage stage = Stage::staging;
  std::vector<Step> steps;
  std::vector<std::string> folders;  // made for targets that are links to folders
  std::string reload;                // the command to run after the old files were restored
};

/// Nothing if there is none. Throws Error{bad_input} for a damaged one, because then nobody knows what to
/// restore.
std::optional<Plan> read_plan(const std::string& file);
void write_plan(const std::string& file, const Plan& plan);

/// Opens the folders of the plan. Warns of a folder that cannot be reached without following a link: the
/// files of the run stay in it.
void open_folders(const Plan& plan, os::Places& places);
/// Restores the previous files, unless the plan is done, in all folders of the plan that are open. If it dies
/// or throws, it can be repeated.
void put_back(const Plan& plan, const os::Places& places);
/// Removes the second names of a plan that is done.
void tidy(const Plan& plan, const os::Places& places);

}  // namespace certo::install
