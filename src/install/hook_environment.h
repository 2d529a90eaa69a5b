// What a hook sees: a clean environment, the certificate under certo's names and under those of certbot and
// acme.sh, so that their users' hooks work unchanged, and the hook's own settings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "install/hook_list.h"

namespace certo::install {

using Variables = std::map<std::string, std::string>;

/// Facts about a run that a hook is told.
struct HookFacts {
  std::vector<std::string> names;  // of the certificate
  bool is_renewed = true;          // post: the run brought a new certificate
};

/// Makes certbot's names for the live files, where there are some: links in certs/<name>/certbot/<name>/,
/// which stay, because hooks configure servers with such paths.
Variables hook_variables(HookKind kind, const store::Entry& entry, const HookFacts& facts);

/// The settings of the hook at `path`, in <home>/credentials/hook-<name>: KEY=value lines. <name> is the
/// file's, without a number in front ("50-") and ".sh" behind. Empty when there is no such file. Throws
/// Error{config} for one that others can read, or with a malformed line.
Variables hook_settings(const store::Home& home, const std::string& path);
std::string hook_settings_file(const store::Home& home, const std::string& path);

/// os::clean_environment with more; the later counts where a name is in both.
std::vector<std::string> hook_environment(const Variables& settings, const Variables& variables);

}  // namespace certo::install
