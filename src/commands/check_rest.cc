#include "commands/check_rest.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/asked.h"
#include "commands/hook_options.h"
#include "commands/targets.h"
#include "commands/terms.h"
#include "commands/web_edits.h"
#include "install/choose.h"
#include "install/hook_list.h"

namespace certo::commands {
namespace {

/// They describe the certificate or the run. --force is not one of them: it lifts limits.
constexpr Option unneeded[] = {flag::key_type,
                               flag::not_before,
                               flag::not_after,
                               flag::preferred_chain,
                               flag::must_staple,
                               flag::no_must_staple,
                               flag::reuse_key,
                               flag::new_key,
                               flag::allow_subset,
                               flag::no_allow_subset,
                               flag::deactivate_authorizations,
                               flag::keep_authorizations,
                               flag::yes,
                               flag::dry_run,
                               flag::exit_2,
                               flag::renew_before,
                               flag::hook_timeout};

}  // namespace

check::Findings check_rest(const Args& args, const store::Home& state, const store::Entry& entry,
                           const store::Request& request) {
  check::Findings findings;
  const auto look = [&](const char* what, const char* is_good, const auto& act) {
    try {
      if (act()) findings.push_back(check::good(entry.name(), what, is_good));
    } catch (const Error& error) {
      findings.push_back(check::failing(entry.name(), what, error));
    }
  };
  look("installation", "certo can write its files, and nobody else can change what it runs", [&] {
    const std::optional<install::Installation> given = installation(args);
    if (!given) return false;
    const install::Installation good = install::checked(state, *given);
    install::require_key(request, good);
    install::require_unclaimed(state, entry.name(), good);
    return true;
  });
  look("web server", "its configuration can take the certificate", [&] {
    const std::optional<WebInstall> wish = web_install(args, request);
    if (wish) require_installable(state, entry, request, *wish);
    return wish.has_value();
  });
  look("hooks", "they can be run", [&] {
    bool has_one = false;
    const install::WantedHooks hooks = wanted_hooks(args);
    for (const install::HookKind kind : install::every_hook_kind) {
      for (const std::string& command :
           hooks.commands[static_cast<size_t>(kind)].value_or(std::vector<std::string>{})) {
        if (command.empty()) continue;
        const install::Hook hook{kind, command};
        try {
          hook.require_trusted();
        } catch (const Error& error) {
          throw error.within(hook.subject());
        }
        has_one = true;
      }
    }
    return has_one;
  });
  return findings;
}

void say_unneeded(const Args& args) {
  std::vector<std::string> flags;
  for (const auto& [option, value, is_default] : args.given()) {
    const bool is_one = std::ranges::find(unneeded, option) != std::end(unneeded);
    if (is_one && !is_default && std::ranges::count(flags, long_flag(option)) == 0)
      flags.push_back(long_flag(option));
  }
  if (!flags.empty()) log::say("not needed for a check: " + join(flags, ", "));
}

}  // namespace certo::commands
