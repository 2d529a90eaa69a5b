#include "commands/hook_options.h"

#include "base/text.h"
#include "commands/context.h"

namespace certo::commands {

install::WantedHooks wanted_hooks(const Args& args) {
  static constexpr std::pair<Option, install::HookKind> options[] = {
      {flag::pre_hook, install::HookKind::pre},
      {flag::deploy_hook, install::HookKind::deploy},
      {flag::renew_hook, install::HookKind::deploy},
      {flag::post_hook, install::HookKind::post}};
  install::WantedHooks wanted;
  for (const auto& [option, kind] : options) {
    if (!args.has(option)) continue;
    auto& commands = wanted.commands[static_cast<size_t>(kind)];
    if (!commands) commands.emplace();
    for (std::string& command : args.all(option)) commands->push_back(std::move(command));
  }
  if (args.has(flag::hook_timeout)) wanted.limit = seconds(args, flag::hook_timeout, 1, 86400);
  return wanted;
}

void say_hooks(const std::string& name, const install::HookOutcome& outcome) {
  for (const Failure& failure : outcome.failures) report(name, failure);
}

Json to_json(const install::HookOutcome& outcome) {
  Json errors = Json::array();
  for (const Failure& failure : outcome.failures) errors.push(printable(failure.error));
  Json json = Json::object();
  json.set("ran", static_cast<int64_t>(outcome.ran)).set("code", static_cast<int>(outcome.code()));
  json.set("errors", std::move(errors));
  return json;
}

Exit finish_hooks(const store::Home& home, const store::Entry& entry, const install::HookSettings& settings,
                  Millis wait) {
  if (!install::hooks_pending(entry)) return Exit::ok;
  try {
    const os::Lock lock = entry.lock(wait);
    const install::HookOutcome outcome = install::finish_hooks(entry, home, settings);
    say_hooks(entry.name(), outcome);
    return outcome.code();
  } catch (const Error& error) {
    if (error.code == Exit::later) return Exit::ok;
    report(entry.name() + ": hooks", failure_of(error));
    return Exit::not_installed;
  }
}

}  // namespace certo::commands
