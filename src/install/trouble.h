// Failures of installations and of hooks that are still to be tried again.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "store/entry.h"

namespace certo::install {

struct Trouble {
  int failures = 0;  // in a row
  Time at{};         // of the last one
  std::string error;
};

/// The last failure, if every pending installation has failed. Nothing for one that was interrupted, and for
/// a damaged targets.json.
std::optional<Trouble> trouble_of_installations(const store::Entry& entry);
/// The same for deploy hooks, and for hooks.json.
std::optional<Trouble> trouble_of_hooks(const store::Entry& entry);

}  // namespace certo::install
