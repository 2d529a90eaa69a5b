// One pass over the store, as renew and cron start it.
#pragma once

#include <string>
#include <vector>

#include "commands/context.h"
#include "commands/report.h"

namespace certo::console::flag {

inline constexpr Option jobs{"-j,--jobs", Value::text, "N",
                             "certificates to renew at the same time (default: 4)", rare};
inline constexpr Option every{"--every", Value::text, "TIME",
                              "do not end: one pass now, then one each TIME (30m, 1h)"};

}  // namespace certo::console::flag

namespace certo::commands {

struct PassEnd {
  Exit code = Exit::ok;
  std::string summary;  // "1 failed, 2 renewed"
  std::vector<std::string>
      doubtful{};  // certificates that were due, or that end within a month: perhaps an alert
};

/// `names`: only these; empty: all. Reports, and notifies. Throws Interrupted after the report of a pass that
/// a signal ended.
PassEnd pass(const Args& args, std::vector<std::string> names, PassReport::Audience audience);

}  // namespace certo::commands
