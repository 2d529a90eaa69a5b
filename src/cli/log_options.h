// The options that decide which messages are shown, and where they go.
#pragma once

#include "base/log.h"
#include "console/args.h"

namespace certo::cli {

/// -q, -v and -vv. Throws Error{usage} if they contradict each other.
log::Level log_level(const console::Args& args);
/// --log, --log-format, --log-size and --syslog. Throws Error{usage} for a bad value.
log::Sinks log_sinks(const console::Args& args);

}  // namespace certo::cli
