// The options that commands share. A command's row names the sets that it takes.
#pragma once

#include <vector>

#include "console/option.h"

namespace certo::console {

const std::vector<Option>& global_options();   // --home, --json, --log, -v, -q, …: every command has them
const std::vector<Option>& network_options();  // --server, --staging, --account, --email, …
const std::vector<Option>& way_options();      // --webroot, --standalone, --dns, …
const std::vector<Option>& hook_options();     // --pre-hook, --deploy-hook, …
const std::vector<Option>& notify_options();   // --notify
const std::vector<Option>& target_options();   // --key-file, --reloadcmd, --verify, …

}  // namespace certo::console
