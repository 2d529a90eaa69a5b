// certo rollback: makes an older version live again.
// Defines rollback_command of commands/commands.h.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/hook_options.h"
#include "commands/report.h"
#include "commands/targets.h"
#include "renew/refresh.h"
#include "store/entry.h"
#include "store/test_certificate.h"

namespace certo::console::flag {

constexpr Option to{"--to", Value::text, "VERSION",
                    "the version that 'certo info' lists, instead of the previous one"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

std::string chosen_version(const Args& args, const store::Entry& entry) {
  const std::optional<std::string> wanted = args.find(flag::to);
  if (!wanted) return entry.version_before();
  std::vector<std::string> older = entry.versions();
  const auto live = entry.live();
  std::erase_if(older, [&](const std::string& version) { return live && version == live->version; });
  if (std::ranges::find(older, *wanted) != older.end()) return *wanted;
  if (live && *wanted == live->version)
    throw Error(Exit::usage, *wanted + " is the live version", "choose an older one");
  throw Error(Exit::unknown_name, "there is no version " + *wanted,
              older.empty() ? "only the live version is kept" : "older versions are " + join(older, ", "));
}

/// Holds the lock meanwhile.
void roll_back(const Args& args, const store::Home& state, const store::Entry& entry) {
  const os::Lock lock = entry.lock_existing(lock_timeout(args));
  entry.adopt();
  store::Live live;
  try {
    const std::string version = chosen_version(args, entry);
    if (store::is_test(state, entry, version) && !store::is_test(state, entry))
      throw Error(Exit::failed, "the version " + version + " is from a test CA, but the live one is not",
                  "'certo renew --force " + entry.name() + "' gets a new certificate");
    live = entry.roll_back(version, now());
  } catch (const Error& error) {
    throw error.within(entry.name());
  }
  const Time not_after = live.chain.front().not_after;
  const Time rest = renew::note_rollback(entry, not_after, now());
  if (!args.has(flag::json)) {
    log::say(entry.name() + ": the older version is live again, valid until " + spoken_date(not_after) +
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
    .summary = "return to an older version of a certificate",
    .word = {Value::certificate, "NAME", 1, 1},
    .options = {flag::to},
    .examples = {"certo rollback example.com", "certo rollback example.com --to 20261121T022200Z-4f1c22aa"},
    .description =
        R"(The older key and certificate become a new version, so the same command again undoes the rollback. An
expired or revoked version is refused. Renewal pauses for a day; 'certo renew NAME' does not wait.)",
    .run = run,
};

}  // namespace certo::commands
