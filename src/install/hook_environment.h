// The environment of a hook: clean, with the certificate under the variable names of certo, certbot and
// acme.sh, so that hooks for these clients work unchanged, and with the hook's own settings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "install/hook_list.h"

namespace certo::install {

using Variables = std::map<std::string, std::string>;

/// Facts about a run that certo passes to a hook.
struct HookFacts {
  std::vector<std::string> names;  // of the certificate
  bool is_renewed = true;          // post: the run brought a new certificate
};

/// Makes certbot's names for the live files, if these exist: links in certs/<name>/certbot/<name>/. The links
/// stay, because hooks configure servers with such paths.
Variables hook_variables(HookKind kind, const store::Entry& entry, const HookFacts& facts);

/// The settings of the hook at `path`, in <home>/credentials/hook-<name>: KEY=value lines. <name> is the
/// file's name without a number at its start ("50-") and ".sh" at its end. Empty if there is no such file.
/// Throws Error{config} for one that others can read, or with a malformed line.
Variables hook_settings(const store::Home& home, const std::string& path);
std::string hook_settings_file(const store::Home& home, const std::string& path);

/// os::clean_environment and these variables; if a name is in both, the later one counts.
std::vector<std::string> hook_environment(const Variables& settings, const Variables& variables);

}  // namespace certo::install
