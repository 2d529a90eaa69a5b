// certo rollback: the version before the live one, live again.
#include "base/log.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "commands/report.h"
#include "commands/targets.h"
#include "renew/refresh.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

/// Holds the lock as long.
void roll_back(const Args& args, const store::Entry& entry) {
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  entry.adopt();
  store::Live live;
  try {
    live = entry.roll_back(now());
  } catch (const Error& error) {
    throw error.within(entry.name());
  }
  const Time not_after = live.chain.front().not_after;
  const Time rest = renew::note_rollback(entry, not_after, now());
  if (!args.has("--json")) {
    log::say(entry.name() + ": the version before is live again, valid until " + spoken_date(not_after) +
             "; it is not renewed before " + rfc3339(rest));
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
  roll_back(args, entry);
  // Servers are to have what is live.
  const Exit code = deliver_and_tell(args, state, name, false);
  return worst(code, finish_hooks(state, entry, {.is_installed = code == Exit::ok}, lock_timeout(args)));
}

}  // namespace

const Command rollback_command{
    .name = "rollback",
    .group = Group::porcelain,
    .summary = "make the version before the live one live again",
    .usage = "NAME",
    .input = "-",
    .output = "-",
    .options = {},
    .examples = {"certo rollback example.com"},
    .description =
        "The pair before is copied into a new version, so that the same again undoes it. An expired or "
        "revoked one is refused. Renewal rests for a day; 'certo renew NAME' does not wait.",
    .run = run,
    .words_least = 1,
    .words_most = 1,
};

}  // namespace certo::commands
