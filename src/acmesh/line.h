// One of acme.sh's command lines, read: its command, and its parameters in order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acmesh/table.h"

namespace certo::acmesh {

struct Given {
  const Parameter* parameter;  // nullptr: an option of certo itself
  std::string flag;            // as it is written there
  std::string value;           // "" if there is none
  bool has_value;
};

struct Line {
  const Verb* verb = nullptr;
  std::string flag;       // of the command, as it is written there
  bool installs = false;  // --issue with --install-cert
  std::vector<Given> given;

  unsigned kinds() const { return verb->kind | (installs ? install : 0U); }
};

/// Throws Error{usage} for an unknown flag, a missing value, and two commands that exclude each other.
Line read_line(const std::vector<std::string>& arguments);

}  // namespace certo::acmesh
