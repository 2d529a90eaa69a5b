// What future passes would do, as far as is known now. Pure functions; the clock is passed in.
#pragma once

#include <string>

#include "renew/due.h"

namespace certo::renew {

struct Step {
  std::string name;
  Due due = Due::later;  // as a pass now would see it
  Time at{};             // of the first pass that renews it, when nothing changes
  std::string reason;    // "the CA suggests 2026-12-01 to 2026-12-03"
};

Step plan(const std::string& name, const store::Status& status, Time now);

}  // namespace certo::renew
