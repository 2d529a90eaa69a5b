// certo deploy: a ready-made hook for a certificate, now and after each renewal.
// Defines deploy_command of commands/commands.h.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "commands/ready_hooks.h"
#include "commands/unattended.h"
#include "store/entry.h"
#include "store/test_certificate.h"

namespace certo::console::flag {

constexpr Option hook{"--hook", Value::hook, "HOOK",
                      "the name of a hook that comes with certo, or the path of your own", repeated};
constexpr Option no_longer{"--remove", Value::none, nullptr,
                           "do not run the hook again; the service keeps what it has"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

/// The opposite of deploy: later renewals do not run the hooks.
Exit give_up(const Args& args, const store::Home& state, const store::Entry& entry,
             std::vector<std::string> hooks) {
  for (const std::string& hook : args.all(flag::hook)) {
    if (std::erase(hooks, hook) + std::erase(hooks, path_of_hook(hook)) == 0)
      throw Error(Exit::usage, entry.name() + ": " + hook + " is not one of its deploy hooks",
                  hooks.empty() ? "it has none" : "it has " + join(hooks, ", "));
  }
  install::WantedHooks wanted;
  wanted.commands[static_cast<size_t>(install::HookKind::deploy)] = hooks;
  store_hooks(state, entry, wanted);
  log::say(entry.name() + ": " + join(args.all(flag::hook), ", ") + " will not run again");
  return Exit::ok;
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::string name = store::certificate_name(args.get(flag::domain));
  const store::Entry entry(state, name);
  if (!args.has(flag::domain) || !args.has(flag::hook))
    throw Error(Exit::usage, "deploy: which certificate, and by which hook?",
                "certo deploy -d example.com --hook nginx");
  if (!entry.exists()) throw unknown_certificate(state, name);
  if (!args.has(flag::no_longer) && !entry.live())
    throw Error(Exit::unknown_name, name + ": has no certificate yet");
  // certo does not know which certificate the service has now.
  if (!args.has(flag::force) && !args.has(flag::no_longer) && store::is_test(state, entry))
    throw Error(Exit::usage,
                name + ": it is from a test CA, and the hook could replace a real certificate with it",
                "to deploy it all the same, add --force");

  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  std::vector<std::string> hooks =
      install::stored_hooks(entry).value_or(install::StoredHooks{}).of(install::HookKind::deploy);
  if (args.has(flag::no_longer)) return give_up(args, state, entry, hooks);
  for (const std::string& hook : args.all(flag::hook)) {
    const std::string path = path_of_hook(hook);
    if (std::ranges::find(hooks, path) != hooks.end()) continue;
    if (path != hook) install::require_usable({install::HookKind::deploy, path}, entry, state);
    hooks.push_back(path);
  }
  install::WantedHooks wanted;
  wanted.commands[static_cast<size_t>(install::HookKind::deploy)] = hooks;
  store_hooks(state, entry, wanted);
  warn_of_service(state, name);
  // A new hook is owed. If there is no new one, the user wants the old ones to run again.
  install::HookOutcome outcome = install::finish_hooks(entry, state, {});
  if (outcome.ran == 0) outcome = install::run_hooks(install::HookKind::deploy, entry, state, {});
  say_hooks(name, outcome);
  return outcome.code();
}

}  // namespace

const Command deploy_command{
    .name = "deploy",
    .group = Group::porcelain,
    .summary = "hand a certificate to a service by a hook, now and after each renewal",
    .options = {flag::certificate, flag::hook,
                flag::force.with_help("also deploy a certificate from a test CA"), flag::no_longer},
    .examples = {"certo deploy -d example.com --hook nginx",
                 "certo deploy -d example.com --hook ssh --hook /etc/certo/tell-the-cdn",
                 "certo deploy -d example.com --hook ssh --remove"},
    .description =
        R"(The hook becomes a deploy hook of the certificate, and runs at once. It reads its settings from
credentials/hook-NAME in the state folder, as KEY=value lines. 'certo hooks ready' lists the hooks that
come with certo, 'certo hooks ready nginx' the settings of one.)",
    .run = run,
};

}  // namespace certo::commands
