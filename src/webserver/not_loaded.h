// Server blocks in files that nginx does not load: a site that is not enabled.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webserver/nginx_config.h"

namespace certo::webserver {

/// "FILE:LINE" of each block for `name` in the usual folders (sites-available, sites-enabled, conf.d) that
/// `config` does not include. A file that cannot be read is left out.
std::vector<std::string> blocks_not_loaded(const NginxConfig& config, std::string_view name);

}  // namespace certo::webserver
