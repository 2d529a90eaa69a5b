// What every command needs from its arguments, read once and the same way everywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "challenge/solver.h"
#include "commands/commands.h"
#include "console/output.h"
#include "console/values.h"
#include "crypto/name.h"
#include "renew/session.h"
#include "store/home.h"
#include "store/request.h"

namespace certo::commands {

/// The directories that --server (short names or URLs, separated by commas) and --staging mean. Error{usage}
/// with the nearest short name.
std::vector<std::string> directory_urls(const Args& args);
/// The same for a command that asks one CA: the first, if several are the default. Error{usage} if several
/// are typed.
std::string directory_url(const Args& args);
renew::SessionSettings session_settings(const Args& args, const std::string& directory);
/// The names of -d, converted to ASCII and checked. Throws Error{usage} if a wildcard among them covers
/// another name, because Let's Encrypt refuses that.
std::vector<crypto::Identifier> names(const Args& args);
/// The same for given values of -d. Each may hold several names, separated by commas.
std::vector<crypto::Identifier> names_in(const std::vector<std::string>& values);

/// Everything except the way: limits and timeouts.
challenge::SolverSettings solver_settings(const Args& args);
/// Error{unknown_name} with the nearest names of the store as hint.
Error unknown_certificate(const store::Home& home, const std::string& name);

}  // namespace certo::commands
