// certo hooks: lists the hooks of a certificate, runs them as a test, and removes one.
// Defines hooks_command of commands/commands.h.
#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/hook_options.h"
#include "commands/ready_hooks.h"
#include "console/layout.h"
#include "os/file.h"
#include "os/path.h"
#include "store/entry.h"

namespace certo::console::flag {

constexpr Option names{"--names", Value::none, nullptr, "with ready: print only the names"};
constexpr Option only{"--only", Value::hook_kind, "KIND", "hooks of this kind: pre, deploy or post"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

/// "ready", or the reason why it would not run.
std::string state_of(const install::Hook& hook) {
  try {
    hook.require_trusted();
    return "ready";
  } catch (const Error& error) {
    return error.message;
  }
}

struct Listed {
  std::string certificate;  // empty: every one
  std::string kind, command, state;
};

void add(std::vector<Listed>& list, const std::string& certificate, const std::vector<install::Hook>& hooks) {
  for (const install::Hook& hook : hooks)
    list.push_back({certificate, std::string(name(hook.kind)), hook.command, state_of(hook)});
}

/// The hooks of the folders once, then the hooks of each certificate.
std::vector<Listed> all(const store::Home& state, const std::vector<std::string>& names) {
  std::vector<Listed> list;
  for (const install::HookKind kind : install::every_hook_kind) add(list, "", hooks_of(kind, state, {}));
  for (const std::string& path : install::files_of_hooks(install::hook_folder(state, "notify")))
    list.push_back({"", "notify", path, state_of({install::HookKind::post, path})});
  for (const std::string& certificate : names) {
    const store::Entry entry(state, certificate);
    const install::StoredHooks stored = install::stored_hooks(entry).value_or(install::StoredHooks{});
    for (const install::HookKind kind : install::every_hook_kind) {
      std::vector<install::Hook> own;
      for (const std::string& command : stored.of(kind)) own.push_back({kind, command});
      add(list, certificate, own);
    }
  }
  return list;
}

/// The certificates that are named. Error{unknown_name}.
std::vector<std::string> named(const Args& args, const store::Home& state) {
  std::vector<std::string> names;
  for (const std::string& word : args.words()) names.push_back(store::certificate_name(word));
  for (const std::string& one : names)
    if (!store::Entry(state, one).exists()) throw unknown_certificate(state, one);
  return names;
}

std::optional<install::HookKind> only(const Args& args) {
  if (!args.has(flag::only)) return {};
  return install::hook_kind(args.get(flag::only));
}

Exit list(const Args& args) {
  const store::Home state = home_to_read(args);
  const std::optional<install::HookKind> wanted = only(args);
  const std::vector<std::string> names = named(args, state);
  Rows rows = {{"CERTIFICATE", "KIND", "STATE", "HOOK"}};
  Json json = Json::array();
  for (const Listed& one : all(state, names.empty() ? store::entries(state) : names)) {
    if (wanted && one.kind != name(*wanted)) continue;
    rows.push_back({one.certificate.empty() ? "all" : one.certificate, one.kind,
                    one.state == "ready" ? one.state : "unusable", printable(one.command, 200)});
    Json row = Json::object();
    row.set("certificate", one.certificate.empty() ? Json() : Json(one.certificate)).set("kind", one.kind);
    json.push(std::move(row.set("command", one.command).set("state", printable(one.state))));
    if (one.state != "ready" && !args.has(flag::json)) log::warn(one.state);
  }
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "hooks/1"}, {"hooks", std::move(json)}}));
  } else if (rows.size() > 1) {
    print(columns(rows));
  } else {
    log::say("there are no hooks: --deploy-hook of 'certo issue' adds one, or a file in " + state.path() +
             "/hooks/deploy");
  }
  return Exit::ok;
}

/// The first sentence, on one line.
std::string brief_of(const std::string& about) {
  const std::string text = about.substr(0, about.find("\n\n"));
  return join(split(text.substr(0, text.find_last_not_of(" \n") + 1), '\n'), " ");
}

Exit list_ready(const Args& args) {
  Rows rows = {{"HOOK", "WHAT IT DOES"}};
  Json json = Json::array();
  std::string names;
  for (const std::string& hook : ready_hooks()) {
    const std::string path = path_of_hook(hook), brief = brief_of(about_hook(path));
    rows.push_back({hook, brief});
    names += hook + "\n";
    Json row = Json::object();
    json.push(std::move(row.set("name", hook).set("path", path).set("about", brief)));
  }
  if (args.has(flag::json))
    print_json(Json(Json::Object{{"certo", "ready-hooks/1"}, {"hooks", std::move(json)}}));
  else if (args.has(flag::names))
    print(names);
  else if (rows.size() > 1)
    print(columns(rows) + "\n'certo hooks ready HOOK' shows its settings.\n");
  else
    log::say("no hooks were installed with this certo");
  return Exit::ok;
}

/// The hooks that come with certo, or what one of them needs.
Exit show(const Args& args) {
  if (args.has(flag::only))
    throw Error(Exit::usage, "hooks: --only does not go with ready",
                "'certo hooks list --only KIND' takes it");
  if (args.words().empty()) return list_ready(args);
  const std::string& hook = args.words().front();
  const std::string path = path_of_hook(hook), about = about_hook(path);
  if (args.has(flag::json))
    print_json(Json(Json::Object{
        {"certo", "ready-hook/1"}, {"name", hook}, {"path", path}, {"about", printable(about, 8192)}}));
  else
    for (const std::string& line : split(path + "\n\n" + about, '\n')) print(printable(line) + "\n");
  return Exit::ok;
}

Exit test(const Args& args) {
  const store::Home state = home(args);
  const std::string certificate = named(args, state).front();
  const store::Entry entry(state, certificate);
  if (!entry.live()) throw Error(Exit::unknown_name, certificate + ": has no certificate yet");
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  install::HookOutcome whole;
  const std::optional<install::HookKind> wanted = only(args);
  for (const install::HookKind kind : install::every_hook_kind) {
    if (wanted && *wanted != kind) continue;
    install::HookOutcome outcome = install::run_hooks(kind, entry, state, {});
    whole.ran += outcome.ran;
    for (Failure& failure : outcome.failures) whole.failures.push_back(std::move(failure));
  }
  if (args.has(flag::json)) {
    Json json = to_json(whole);
    Json::Object members = {{"certo", "hooks-test/1"}, {"name", certificate}};
    for (const auto& member : json.members()) members.push_back(member);
    print_json(Json(std::move(members)));
  } else {
    say_hooks(certificate, whole);
  }
  log::say(certificate + ": " + std::to_string(whole.ran) + " run, " + std::to_string(whole.failures.size()) +
           " failed");
  return whole.code();
}

/// The stored commands that a person means: the command itself, or the file's name for a hook that comes with
/// certo.
std::vector<std::string> meant(const install::StoredHooks& stored, std::optional<install::HookKind> wanted,
                               const std::string& word) {
  std::vector<std::string> found;
  for (const install::HookKind kind : install::every_hook_kind) {
    if (wanted && *wanted != kind) continue;
    for (const std::string& command : stored.of(kind)) {
      const bool is_named = command.starts_with('/') && os::name_of(command) == word + ".sh";
      if (command == word || is_named) found.push_back(command);
    }
  }
  return found;
}

Exit remove(const Args& args) {
  const store::Home state = home(args);
  const std::string certificate = store::certificate_name(args.words()[0]);
  const std::string& word = args.words()[1];
  const store::Entry entry(state, certificate);
  if (!entry.exists()) throw unknown_certificate(state, certificate);
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  const install::StoredHooks stored = install::stored_hooks(entry).value_or(install::StoredHooks{});
  const std::vector<std::string> commands = meant(stored, only(args), word);
  if (commands.empty()) {
    const bool is_file = word.starts_with(state.path() + "/hooks/") && os::exists(word);
    throw Error(Exit::failed, certificate + ": '" + word + "' is not one of its hooks",
                is_file ? "it is for every certificate: remove or move the file"
                        : "'certo hooks list " + certificate + "' shows them");
  }
  for (const std::string& command : commands) install::remove_hook(entry, only(args), command);
  log::say(certificate + ": " + join(commands, ", ") + " will not run again");
  return Exit::ok;
}

}  // namespace

const Command hooks_command{
    .name = "hooks",
    .group = Group::porcelain,
    .summary = "list the hooks, run those of a certificate now, or remove one",
    .output = "table or JSON",
    .options = {flag::only},
    .examples = {"certo hooks list", "certo hooks ready nginx",
                 "certo hooks test example.com   # with the current certificate",
                 "certo hooks test example.com --only deploy -v",
                 "certo hooks remove example.com 'systemctl reload nginx'"},
    .description =
        R"(A hook is a file in hooks/pre, hooks/deploy or hooks/post of the state folder, or a command given to
'certo issue', 'certo renew' or 'certo deploy'. 'certo help hooks' explains when hooks run and what they
see.)",
    .subcommands =
        {{"list", "show the hooks, and whether they can run", {Value::certificate, "[NAME]", 0, 1}, {}, list},
         {"test", "run the hooks of a certificate now", {Value::certificate, "NAME", 1, 1}, {}, test},
         {"remove", "remove a hook from a certificate", {Value::certificate, "NAME HOOK", 2, 2}, {}, remove},
         {"ready",
          "list the hooks of certo, or show the settings of one",
          {Value::hook, "[HOOK]", 0, 1},
          {flag::names},
          show}},
};

}  // namespace certo::commands
