// certo deploy: a ready-made hook for a certificate, now and after each renewal.
#include <algorithm>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

constexpr std::string_view kEnding = ".sh";

/// Where the hooks that come with certo lie: installed, and as the source has them.
std::vector<std::string> folders() {
  const std::string parent = os::folder_of(os::folder_of(os::self_path()));
  return {parent + "/share/certo/hooks/deploy", parent + "/hooks/deploy"};
}

std::vector<std::string> ready_made() {
  std::vector<std::string> names;
  for (const std::string& folder : folders()) {
    if (!os::exists(folder)) continue;
    for (const std::string& file : os::list_folder(folder))
      if (file.ends_with(kEnding)) names.push_back(file.substr(0, file.size() - kEnding.size()));
  }
  std::ranges::sort(names);
  return names;
}

/// A hook by its path, or one that comes with certo by its name. Throws Error{config}.
std::string path_of(const std::string& hook) {
  if (hook.starts_with('/')) return hook;
  for (const std::string& folder : folders()) {
    const std::string path = os::path_in(folder, hook + std::string(kEnding));
    if (hook.find('/') == hook.npos && os::exists(path)) return path;
  }
  const std::vector<std::string> names = ready_made();
  const auto meant = nearest(hook, names);
  throw Error(Exit::config, "there is no hook '" + hook + "'",
              meant ? "did you mean " + *meant + "?"
                    : (names.empty() ? "your own is /path/to/it" : "there are " + join(names, ", ")) +
                          std::string(names.empty() ? "" : "; your own is /path/to/it"));
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::string name = store::certificate_name(args.get("--domain"));
  const store::Entry entry(state, name);
  if (!args.has("--domain") || !args.has("--hook"))
    throw Error(Exit::usage, "deploy: which certificate, and by which hook?",
                "certo deploy -d example.com --hook nginx");
  if (!entry.exists()) throw unknown_certificate(state, name);
  if (!entry.live()) throw Error(Exit::unknown_name, name + ": has no certificate yet");

  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  std::vector<std::string> hooks =
      install::stored_hooks(entry).value_or(install::StoredHooks{}).of(install::HookKind::deploy);
  for (const std::string& hook : args.all("--hook")) {
    const std::string path = path_of(hook);
    if (std::ranges::find(hooks, path) == hooks.end()) hooks.push_back(path);
  }
  install::WantedHooks wanted;
  wanted.commands[static_cast<size_t>(install::HookKind::deploy)] = hooks;
  store_hooks(state, entry, wanted);
  // What is new is owed; what is not has been asked for again.
  install::HookOutcome outcome = install::finish_hooks(entry, state, {});
  if (outcome.ran == 0) outcome = install::run_hooks(install::HookKind::deploy, entry, state, {});
  say_hooks(name, outcome);
  return outcome.code();
}

}  // namespace

const Command deploy_command{
    .name = "deploy",
    .group = Group::porcelain,
    .summary = "hand a certificate to a service by a ready-made hook, now and after each renewal",
    .usage = "",
    .input = "-",
    .output = "-",
    .options = {{"-d,--domain", Value::text, "NAME", "the certificate's name in the store"},
                {"--hook", Value::text, "HOOK",
                 "one that comes with certo, by its name, or the path of your own", true}},
    .examples = {"certo deploy -d example.com --hook nginx",
                 "certo deploy -d example.com --hook ssh --hook /etc/certo/tell-the-cdn"},
    .description =
        "The hook becomes one of the certificate's deploy hooks, and is run at once. What it needs to know "
        "is in "
        "credentials/hook-NAME of the state folder, as KEY=value lines; its first lines say which. "
        "'certo hooks list' shows what there is.",
    .run = run,
};

}  // namespace certo::commands
