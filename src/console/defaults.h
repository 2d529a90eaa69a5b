// Options that were not given: CERTO_SERVER for --server, else `server=…` in <home>/certo.conf. A switch is
// yes or no there. They are defaults for new certificates: an existing certificate keeps its CA and account.
#pragma once

#include <string>
#include <vector>

#include "console/args.h"
#include "console/command.h"

namespace certo::console {

/// Adds what is not in `args` but set elsewhere: first the environment, then <home>/certo.conf.
/// `sets`: those of all commands, because certo.conf may set options that this command does not take.
/// Returns warnings to print when the log is open: unknown variables CERTO_…, and, for a renewal, a fault in
/// certo.conf. For other commands, the fault is Error{config} with the line's number.
std::vector<std::string> add_defaults(Args& args, const Command& command,
                                      const std::vector<const OptionSet*>& sets);
/// The value that the certo.conf of `folder` gives an option, whatever the environment says; "" for none.
std::string configured(const std::string& folder, const Option& option);
/// Writes the line `key = value` into the certo.conf of `folder`, and removes other lines with this key; ""
/// only removes.
void set_default(const std::string& folder, const std::string& key, const std::string& value);

}  // namespace certo::console
