// Options that were not given: CERTO_SERVER for --server, else `server=…` in <home>/certo.conf. A switch is yes or no
// there. They are defaults for what is new: an existing certificate keeps its CA and account.
#pragma once

#include <string>
#include <vector>

#include "console/args.h"
#include "console/command.h"

namespace certo::console {

/// Adds what is not in `args` but set elsewhere: first the environment, then <home>/certo.conf.
/// `sets`: those of all commands, because certo.conf may set options that this command does not take.
/// Returns warnings, for the time when the log is open: variables CERTO_… that are not known, and for a renewal what is
/// wrong with certo.conf. For other commands that is Error{config} with the line's number.
std::vector<std::string> add_defaults(Args& args, const Command& command, const std::vector<const OptionSet*>& sets);
/// Writes the line `key = value` into the certo.conf of `folder`, in place of those of the same key.
void set_default(const std::string& folder, const std::string& key, const std::string& value);

}  // namespace certo::console
