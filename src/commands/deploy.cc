// certo deploy: a ready-made hook for a certificate, now and after each renewal.
// Defines deploy_command of commands/commands.h.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "commands/unattended.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "store/entry.h"
#include "store/test_certificate.h"

namespace certo::console::flag {

constexpr Option hook{"--hook", Value::text, "HOOK",
                      "the name of a hook that comes with certo, or the path of your own", repeated};
constexpr Option no_longer{"--remove", Value::none, nullptr,
                           "do not run the hook again; the service keeps what it has"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

constexpr std::string_view ending = ".sh";

/// Folders of the hooks that come with certo: of an installation, and of the source.
std::vector<std::string> folders() {
  const std::string parent = os::folder_of(os::folder_of(os::self_path()));
  return {parent + "/share/certo/hooks/deploy", parent + "/hooks/deploy"};
}

std::vector<std::string> ready_made() {
  std::vector<std::string> names;
  for (const std::string& folder : folders()) {
    if (!os::exists(folder)) continue;
    for (const std::string& file : os::list_folder(folder))
      if (file.ends_with(ending)) names.push_back(file.substr(0, file.size() - ending.size()));
  }
  std::ranges::sort(names);
  return names;
}

/// A hook by its path, or one that comes with certo by its name. Throws Error{config}.
std::string path_of(const std::string& hook) {
  if (hook.starts_with('/')) return hook;
  for (const std::string& folder : folders()) {
    const std::string path = os::path_in(folder, hook + std::string(ending));
    if (hook.find('/') == hook.npos && os::exists(path)) return path;
  }
  const std::vector<std::string> names = ready_made();
  const auto meant = nearest(hook, names);
  throw Error(Exit::config, "there is no hook '" + hook + "'",
              meant ? "did you mean " + *meant + "?"
                    : (names.empty() ? "your own is /path/to/it" : "there are " + join(names, ", ")) +
                          std::string(names.empty() ? "" : "; your own is /path/to/it"));
}

/// The opposite of deploy: later renewals do not run the hooks.
Exit give_up(const Args& args, const store::Home& state, const store::Entry& entry,
             std::vector<std::string> hooks) {
  for (const std::string& hook : args.all(flag::hook)) {
    if (std::erase(hooks, hook) + std::erase(hooks, path_of(hook)) == 0)
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
    const std::string path = path_of(hook);
    if (std::ranges::find(hooks, path) == hooks.end()) hooks.push_back(path);
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
credentials/hook-NAME in the state folder, as KEY=value lines; the first lines of the hook list them.
'certo hooks list' shows all hooks.)",
    .run = run,
};

}  // namespace certo::commands
