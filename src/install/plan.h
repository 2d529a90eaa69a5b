// install.json of a certificate: an installation in flight. It is on the disk before anything changes, so
// that whoever finds it knows what was meant. What is true of the targets in each stage:
//
//   staging      nothing is in its place yet; files beside the targets are litter
//   switching    every new file is complete, and every old one has a second name: all can be put back
//   done         the new files are in place and proven; the old ones' second names are litter
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace certo::install {

enum class Stage { staging, switching, done };

struct Step {
  std::string path;
  bool had_previous = false;

  std::string staged() const;  // where the new file waits
  std::string kept() const;    // the old one's second name
};

struct Plan {
  Stage stage = Stage::staging;
  std::vector<Step> steps;
  std::vector<std::string> folders;  // made for targets that are links to folders
  std::string reload;                // what has to run once the old files are back
};

/// Nothing when there is none. Throws Error{bad_input} for a damaged one: it does not tell what to put back.
std::optional<Plan> read_plan(const std::string& file);
void write_plan(const std::string& file, const Plan& plan);

/// Puts back what was there before, unless it is done. Where it dies, or throws, it can be done again.
void put_back(const Plan& plan);
/// Removes the litter of one that is done.
void tidy(const Plan& plan);

}  // namespace certo::install
