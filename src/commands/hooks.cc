// certo hooks: which hooks a certificate has, and a rehearsal of them.
#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/hook_options.h"
#include "console/layout.h"
#include "os/file.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

/// "ready", or why it would not run.
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

/// The folders' hooks once, then what each certificate has besides.
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

Exit list(const Args& args, const store::Home& state, const std::vector<std::string>& names) {
  Rows rows = {{"CERTIFICATE", "KIND", "STATE", "HOOK"}};
  Json json = Json::array();
  for (const Listed& one : all(state, names.empty() ? store::entries(state) : names)) {
    rows.push_back({one.certificate.empty() ? "all" : one.certificate, one.kind,
                    one.state == "ready" ? one.state : "unusable", printable(one.command, 200)});
    Json row = Json::object();
    row.set("certificate", one.certificate.empty() ? Json() : Json(one.certificate)).set("kind", one.kind);
    json.push(std::move(row.set("command", one.command).set("state", printable(one.state))));
    if (one.state != "ready" && !args.has("--json")) log::warn(one.state);
  }
  if (args.has("--json")) {
    print_json(Json(Json::Object{{"certo", "hooks/1"}, {"hooks", std::move(json)}}));
  } else if (rows.size() > 1) {
    print(columns(rows));
  } else {
    log::say("there are no hooks: --deploy-hook of 'certo issue' adds one, or a file in " + state.path() +
             "/hooks/deploy");
  }
  return Exit::ok;
}

Exit test(const Args& args, const store::Home& state, const std::string& certificate) {
  const store::Entry entry(state, certificate);
  if (!entry.live()) throw Error(Exit::unknown_name, certificate + ": has no certificate yet");
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  install::HookOutcome whole;
  for (const install::HookKind kind : install::every_hook_kind) {
    if (args.has("--only") && install::hook_kind(args.get("--only")) != kind) continue;
    install::HookOutcome outcome = install::run_hooks(kind, entry, state, {});
    whole.ran += outcome.ran;
    for (install::HookFailure& failure : outcome.failures) whole.failures.push_back(std::move(failure));
  }
  if (args.has("--json")) {
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

Exit run(const Args& args) {
  const std::string& action = args.words().front();
  if (action != "list" && action != "test") {
    throw Error(Exit::usage, "hooks: '" + action + "' is neither list nor test",
                "'certo hooks list', or 'certo hooks test NAME'");
  }
  const store::Home state = home(args);
  std::vector<std::string> names;
  for (size_t i = 1; i < args.words().size(); ++i) names.push_back(store::certificate_name(args.words()[i]));
  for (const std::string& one : names)
    if (!store::Entry(state, one).exists()) throw unknown_certificate(state, one);
  if (action == "list") return list(args, state, names);
  if (names.empty())
    throw Error(Exit::usage, "hooks test: which certificate?", "'certo list' shows those that there are");
  return test(args, state, names.front());
}

}  // namespace

const Command hooks_command{
    .name = "hooks",
    .group = Group::porcelain,
    .summary = "list the hooks, or run those of a certificate now",
    .usage = "list [NAME] | test NAME",
    .input = "-",
    .output = "table or JSON",
    .options = {{"--only", Value::text, "KIND", "with test: pre, deploy or post"}},
    .examples = {"certo hooks list", "certo hooks test example.com   # with the certificate there is",
                 "certo hooks test example.com --only deploy -v"},
    .description =
        "Files in hooks/pre, hooks/deploy and hooks/post of the state folder run for every certificate, in "
        "name "
        "order, then the certificate's own, which 'certo issue' took. Pre hooks run before the CA is asked; "
        "when "
        "one fails, nothing is. Deploy hooks run when a new certificate is live and installed; one that "
        "fails "
        "ends certo with 4 and is run again by the next run, without a new order. Post hooks run at the end, "
        "after a failure, too. Each has --hook-timeout, then it is ended with all that it started.\n\n"
        "A hook sees PATH, HOME, LANG, TZ, CERTO_HOME, CERTO_HOOK, CERTO_NAME, CERTO_NAMES, CERTO_KEY_PATH, "
        "CERTO_CERT_PATH, "
        "CERTO_CHAIN_PATH, CERTO_FULLCHAIN_PATH, CERTO_SERIAL and CERTO_NOT_AFTER; what certbot tells its "
        "hooks "
        "(RENEWED_LINEAGE, RENEWED_DOMAINS, FAILED_DOMAINS) and acme.sh its own (Le_Domain, CERT_PATH, "
        "CERT_KEY_PATH, CA_CERT_PATH, CERT_FULLCHAIN_PATH); and the KEY=value lines of credentials/hook-NAME "
        "in "
        "the state folder, where NAME is the file's without '50-' in front and '.sh' behind.\n\n"
        "Files in hooks/notify are told by 'certo renew' and 'certo cron' how it went: the summary on stdin, "
        "CERTO_EVENT (failure, change, ok) and CERTO_SUBJECT; --notify says when.",
    .run = run,
    .words_least = 1,
    .words_most = 2,
};

}  // namespace certo::commands
