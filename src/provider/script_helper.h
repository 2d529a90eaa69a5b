// What scripts of acme.sh cannot do by the shell alone (hooks/adapters/acmesh-dnsapi.sh): HTTP, cryptography
// and codes. The host of these scripts executes certo itself with this word. Secrets come from stdin.
#pragma once

#include <string>
#include <vector>

namespace certo::provider {

/// argv[1] of such a process. No command begins like this.
inline constexpr const char* script_word = "_dnsapi";

/// `words`: those after it. What goes wrong is one line on stderr. Returns the exit code: 0, 1, or for HTTP
/// one that tells the kind of failure, as curl's does.
int run_script_helper(const std::vector<std::string>& words);

}  // namespace certo::provider
