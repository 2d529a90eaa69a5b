// The options that say where a certificate is installed, and what commands report about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/context.h"
#include "commands/describe.h"
#include "install/deliver.h"
#include "install/targets.h"

namespace certo::commands {

/// --key-file, --fullchain-file, …, --reloadcmd, --verify; nothing if none of them is given. --owner,
/// --group and --mode apply to the files that follow them, until the next one. Error{usage}.
std::optional<install::Installation> installation(const Args& args);

enum class Which { pending, all };  // all: also those that are in place
/// Brings these installations of the certificate in place, reports the result and returns the exit code. The
/// caller does not hold the lock.
Exit deliver_and_tell(const Args& args, const store::Home& home, const std::string& name, Which which);

/// "NAME: installed", or why it is not.
void say(const install::Delivery& delivery);

/// For `info` and `list`.
Rows rows(const std::vector<install::Installation>& installations, const std::string& live_version);
/// "2 targets", "2 targets, not installed yet: …"; empty if there is none.
std::string brief(const store::Entry& entry);
Json targets_json(const store::Entry& entry);  // null if targets.json is damaged

}  // namespace certo::commands
