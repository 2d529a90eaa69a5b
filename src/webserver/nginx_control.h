// The nginx that runs: tests its configuration, and makes it read it again.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "webserver/nginx_running.h"
#include "webserver/server.h"

namespace certo::webserver {

/// 'nginx -t'. Its other output, which may show the configuration, goes nowhere.
/// Throws Error{config} if the program cannot be run.
ConfigTest test_config(const Nginx& nginx);

/// The command, word by word: 'systemctl reload UNIT' if a unit of the system runs it, else 'nginx -s reload'
/// with its options.
std::vector<std::string> reload_words(const Nginx& nginx);
/// The same for /bin/sh.
std::string reload_command(const Nginx& nginx);
/// Runs it. nginx applies the files later, if it can: only a look at its answers shows that. Throws
/// Error{not_installed}.
void reload(const Nginx& nginx);

/// The processes of the master that take connections.
std::vector<pid_t> workers(const Nginx& nginx);
/// Until none of them takes connections any more, or until the limit: a new configuration does not hold for
/// those that began before the reload.
void wait_for_end(const std::vector<pid_t>& old_workers, Millis limit);

/// What 'nginx -t' prints.
ConfigTest parse_test(std::string_view output, int status);

}  // namespace certo::webserver
