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

/// --key-file, --fullchain-file, …, --reloadcmd, --verify; nothing when there is none of them. --owner,
/// --group and --mode hold for the files that follow them, until the next one. Error{usage}.
std::optional<install::Installation> installation(const Args& args);

enum class Which { pending, all };  // all: also what is in place
/// Installs the certificate and says what came of it; returns the code to end with. The caller does not hold its lock.
Exit deliver_and_tell(const Args& args, const store::Home& home, const std::string& name, Which which);

/// "NAME: installed", or why it is not.
void say(const install::Delivery& delivery);

/// For `info` and `list`.
Rows rows(const std::vector<install::Installation>& installations, const std::string& live_version);
/// "2 targets", "2 targets, not installed yet: …"; empty when there is none.
std::string brief(const store::Entry& entry);
Json targets_json(const store::Entry& entry);  // null when targets.json is damaged

}  // namespace certo::commands
