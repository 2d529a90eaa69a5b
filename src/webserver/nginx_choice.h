// Which nginx a command means.
#pragma once

#include <string>
#include <vector>

#include "webserver/nginx_running.h"

namespace certo::webserver {

/// Those that run, or the one that is installed. `config`: only the one with this main file; it need not
/// run. Throws Error{config}, {usage} for one in a container, {not_permitted} for one of another user.
std::vector<Nginx> wanted_nginx(const std::string& config);

/// Throws Error{usage} that names them if there are several.
const Nginx& only_one(const std::vector<Nginx>& servers);

/// The one that runs, to change its configuration. Throws the same, and Error{config} if it does not run.
Nginx running_nginx(const std::string& config);

}  // namespace certo::webserver
