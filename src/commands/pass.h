// One pass over the store, as renew and cron start it.
#pragma once

#include <string>
#include <vector>

#include "commands/context.h"

namespace certo::console::flag {

inline constexpr Option jobs{"-j,--jobs", Value::text, "N",
                             "certificates to renew at the same time (default: 4)", rare};
inline constexpr Option every{"--every", Value::text, "TIME",
                              "do not end: one pass now, then one each TIME (30m, 1h)"};

}  // namespace certo::console::flag

namespace certo::commands {

enum class StartedBy { person, schedule };

struct PassEnd {
  Exit code = Exit::ok;
  std::string summary;  // "1 failed, 2 renewed"
};

/// `names`: only these; empty: all. Reports, and notifies.
PassEnd pass(const Args& args, std::vector<std::string> names, StartedBy by);

}  // namespace certo::commands
