// Apache for the commands: what 'certo webserver' shows of it.
#pragma once

#include <string>
#include <vector>

#include "commands/web_hosts.h"
#include "webserver/apache_hosts.h"

namespace certo::commands {

/// `names`: those that are asked for.
ShownServer shown_of(const webserver::ApacheConfig& config, const InstalledFiles& installed,
                     const store::Home& state, const std::vector<std::string>& names);

}  // namespace certo::commands
