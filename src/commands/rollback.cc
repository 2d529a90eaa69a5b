// certo rollback: makes the previous version live again.
// Defines rollback_command of commands/commands.h.
#include "base/log.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "commands/report.h"
#include "commands/targets.h"
#include "renew/refresh.h"
#include "store/entry.h"
#include "store/test_certificate.h"

namespace certo::commands {
namespace {

/// Holds the lock meanwhile.
void roll_back(const Args& args, const store::Home& state, const store::Entry& entry) {
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  entry.adopt();
  store::Live live;
  try {
    if (store::is_test(state, entry, entry.version_before()) && !store::is_test(state, entry))
      throw Error(Exit::failed, "the previous version is from a test CA, but the live one is not",
                  "'certo renew --force " + entry.name() + "' gets a new certificate");
    live = entry.roll_back(now());
  } catch (const Error& error) {
    throw error.within(entry.name());
  }
  const Time not_after = live.chain.front().not_after;
  const Time rest = renew::note_rollback(entry, not_after, now());
  if (!args.has(flag::json)) {
    log::say(entry.name() + ": the previous version is live again, valid until " + spoken_date(not_after) +
             "; the next renewal is not before " + rfc3339(rest));
    return;
  }
  Json json = Json::object();
  json.set("certo", "rollback/1").set("changed", true).set("name", entry.name()).set("version", live.version);
  print_json(json.set("not_after", rfc3339(not_after)).set("not_renewed_before", rfc3339(rest)));
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::string name = store::certificate_name(args.words()[0]);
  const store::Entry entry(state, name);
  if (!entry.exists()) throw unknown_certificate(state, name);
  roll_back(args, state, entry);
  // Servers must get the live version.
  const Exit code = deliver_and_tell(args, state, name, Which::pending);
  return worst(code, finish_hooks(state, entry, {.is_installed = code == Exit::ok}, lock_timeout(args)));
}

}  // namespace

const Command rollback_command{
    .name = "rollback",
    .group = Group::porcelain,
    .summary = "return to the previous version of a certificate",
    .word = {Value::certificate, "NAME", 1, 1},
    .examples = {"certo rollback example.com"},
    .description =
        R"(The previous key and certificate become a new version, so the same command again undoes the rollback. An
expired or revoked version is refused. Renewal pauses for a day; 'certo renew NAME' does not wait.)",
    .run = run,
};

}  // namespace certo::commands
