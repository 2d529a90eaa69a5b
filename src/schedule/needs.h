// The files and folders outside of the state folder that the hourly run needs: all that the requests,
// installations and hooks name.
#pragma once

#include <string>
#include <vector>

#include "schedule/sandbox.h"
#include "store/home.h"

namespace certo::schedule {

struct Need {
  std::string subject;  // "example.com: the target"
  std::string path;
  Access access = Access::read;
};

/// Those of one certificate. What cannot be read is left out; others report it.
std::vector<Need> needs_of(const store::Home& home, const std::string& certificate);
/// Those of all certificates: the hooks in the state folder, which may be links.
std::vector<Need> needs_of_all(const store::Home& home);

}  // namespace certo::schedule
