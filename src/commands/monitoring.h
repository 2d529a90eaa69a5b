// What `certo cron` tells other programs after a pass: the metrics of --metrics-file, the alerts for
// hooks/notify, and the URL of --ping-url-file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/context.h"
#include "console/option_sets.h"

namespace certo::console {

namespace flag {

inline constexpr Option metrics_file{"--metrics-file", Value::file, "FILE",
                                     "write metrics for node_exporter to FILE, which ends with .prom", rare};
inline constexpr Option ping_url_file{"--ping-url-file", Value::file, "FILE",
                                      "request the https URL in FILE after each pass without a failure",
                                      rare};

}  // namespace flag

inline constexpr Option monitoring_rows[] = {flag::metrics_file, flag::ping_url_file};
inline constexpr OptionSet monitoring_options{
    .title = "Monitoring", .options = monitoring_rows, .has_defaults = true};

}  // namespace certo::console

namespace certo::commands {

struct EndedPass {
  Exit code = Exit::ok;
  std::optional<std::vector<std::string>>
      doubtful{};  // certificates that an alert may be about; nothing: all
};

/// A pass has ended, and was noted. What fails here is a warning: the pass was as good as it was.
/// Throws Interrupted.
void tell_monitors(const Args& args, const store::Home& home, const EndedPass& pass);

}  // namespace certo::commands
