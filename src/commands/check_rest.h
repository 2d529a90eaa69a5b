// What 'certo check' makes of those options of 'certo issue' that are not about the proof of the names, so
// that 'check' can stand in the place of 'issue' in any line.
#pragma once

#include <string>

#include "check/finding.h"
#include "commands/context.h"
#include "store/entry.h"

namespace certo::commands {

/// The files of --key-file and the like, --reloadcmd, the configuration of the web server, and the hooks:
/// what 'certo issue' would refuse. Nothing is written, and no hook is run.
check::Findings check_rest(const Args& args, const store::Home& state, const store::Entry& entry,
                           const store::Request& request);

/// Says once which of the options on the command line do not matter here.
void say_unneeded(const Args& args);

}  // namespace certo::commands
