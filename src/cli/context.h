// What every command needs from its arguments, read once and the same way everywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "challenge/solver.h"
#include "cli/command.h"
#include "crypto/name.h"
#include "renew/session.h"
#include "store/home.h"
#include "store/request.h"

namespace certo::cli {

store::Home home(const Args& args);
/// Of --server (short name or URL) and --staging. Error{usage} with the nearest short name.
std::string directory_url(const Args& args);
renew::SessionSettings session_settings(const Args& args, const std::string& directory);
/// -d NAME…: IDN to ASCII, checked, refused when a wildcard of the same set covers a name (Let's Encrypt
/// refuses it).
std::vector<crypto::Identifier> names(const Args& args);
/// The same of some values of -d, each of which may hold several names with commas between them.
std::vector<crypto::Identifier> names_in(const std::vector<std::string>& values);

/// All but the way: limits and timeouts.
challenge::SolverSettings solver_settings(const Args& args);
bool is_attended(const Args& args);     // somebody can be asked
Millis lock_timeout(const Args& args);  // --lock-timeout
/// The value of `flag`, which is given. Error{usage} unless it is a number from `least` to `most`.
Seconds seconds(const Args& args, const char* flag, int64_t least, int64_t most);
std::string absolute(
    const std::string& path);  // against the working folder: what is stored must not depend on it
/// Error{unknown_name} with the nearest names of the store as hint.
Error unknown_certificate(const store::Home& home, const std::string& name);

/// "-" or "": stdin. Refuses a terminal on stdin with a hint (Error{usage}).
std::string read_input(const std::string& path, size_t limit, const std::string& what);
/// -o FILE (atomic, 0600 for keys) or stdout. Warns when a key goes to a world-readable file.
void write_output(const Args& args, std::string_view text, bool secret = false);
void print(std::string_view text);   // stdout; Error{cannot_write} when it is closed
void print_json(const Json& value);  // pretty on a terminal, one line otherwise

}  // namespace certo::cli
