// The Apache that runs: tests its configuration, makes it read it again, and looks whether it survives that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "webserver/apache_hosts.h"
#include "webserver/server.h"

namespace certo::webserver {

/// 'httpd -t' with the options of the main process. Throws Error{config} if the program cannot be run.
ConfigTest test_config(const Apache& apache);
/// The test in what it prints.
ConfigTest parse_apache_test(std::string_view output, int status);

/// Why Apache would end at its next reload, although its test accepts the files; "" if there seems to be
/// none. It ends if it cannot open a port, or if a key does not belong to its certificate.
std::string why_it_would_end(const ApacheConfig& config);

/// For /bin/sh: 'systemctl reload UNIT' if a unit of the system runs it, else 'httpd -k graceful' with its
/// options and those variables of its environment that its files name. It starts no Apache that does not run.
std::string reload_command(const Apache& apache);
/// Runs the same. Throws Error{not_installed}.
void reload(const Apache& apache);

/// Reloads it, and waits until it has new processes. Returns what went wrong; "" if nothing did.
std::string reload_and_watch(const Apache& apache, Millis limit);
/// Reloads it or, if it has ended, starts it: through its unit if it has one. `unit`: taken while it ran.
void reload_or_start(const Apache& apache, const std::string& unit);

}  // namespace certo::webserver
