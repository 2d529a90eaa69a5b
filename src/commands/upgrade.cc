// certo upgrade: replaces this program by a newer, signed release.
// Defines upgrade_command of commands/commands.h.
#include "base/error.h"
#include "base/log.h"
#include "base/version.h"
#include "commands/auto_upgrade.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/release_server.h"

namespace certo::console::flag {

constexpr Option check{"--check", Value::none, nullptr,
                       "show whether there is a newer release; change nothing"};
constexpr Option undo{"--undo", Value::none, nullptr, "return to the program before the last upgrade"};
constexpr Option auto_upgrade{"--auto", Value::text, "on|off",
                              "let the schedule upgrade certo to new releases, or no longer"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

/// --auto on|off. With "on", certo upgrades now, too.
Auto set_auto(const Args& args) {
  const std::string word = args.get(flag::auto_upgrade);
  if (word != "on" && word != "off")
    throw Error(Exit::usage, "--auto: '" + word + "' is neither on nor off", "certo upgrade --auto on");
  const Auto wanted = word == "on" ? Auto::on : Auto::off;
  set_auto_upgrade(home(args), wanted);
  return wanted;
}

void show(const Args& args, const Release& release, int order) {
  if (args.has(flag::json)) {
    print_json(Json(Json::Object{{"certo", "upgrade/1"},
                                 {"version", version()},
                                 {"offered", release.version},
                                 {"is_newer", order > 0}}));
    return;
  }
  const std::string mine = std::string("certo ") + version();
  if (order > 0)
    print("certo " + release.version + " is available; this is " + version() + "\n");
  else
    print(mine +
          (order == 0 ? " is the newest\n" : " is newer than the latest release, " + release.version + "\n"));
}

Exit run(const Args& args) {
  if (args.has(flag::undo)) {
    if (args.has(flag::auto_upgrade) || args.has(flag::check))
      throw Error(Exit::usage, "upgrade: --undo goes with no other option of upgrade");
    undo_upgrade(lock_timeout(args));
    log::say("the previous certo is back; the other one is kept as certo.old");
    return Exit::ok;
  }
  if (args.has(flag::auto_upgrade) && set_auto(args) == Auto::off) return Exit::ok;
  ReleaseServer server(absolute(args.get(flag::ca_bundle)));
  const Release release = server.newest();
  const int order = compare_versions(release.version, version());
  if (args.has(flag::check) || order == 0) {
    show(args, release, order);
    return Exit::ok;
  }
  if (order < 0) {
    throw Error(Exit::failed,
                "the server offers certo " + release.version + ", which is older than this one, " + version(),
                "nothing was changed; install.sh --version installs an older release");
  }
  upgrade(server, release, lock_timeout(args));
  return Exit::ok;
}

}  // namespace

const Command upgrade_command{
    .name = "upgrade",
    .group = Group::other,
    .summary = "replace this program by a newer release",
    .output = "--check: text or JSON",
    .options =
        {flag::check, flag::undo, flag::auto_upgrade,
         flag::ca_bundle.with_help(
             "PEM file with the root certificates that verify the server (default: those of the system)"),
         flag::allow_http_loopback.with_help("for tests: allow a server on this machine without TLS")},
    .examples = {"certo upgrade --check", "certo upgrade", "certo upgrade --undo", "certo upgrade --auto on"},
    .description =
        R"(The checksums of a release are signed, and this program holds the public key. An older release is
refused. certo starts the new program once before it replaces this one, and keeps this one as certo.old.
A list of releases that was signed more than half a year ago is refused. CERTO_BASE_URL names another
server for releases.

certo never upgrades itself, unless you say so: after --auto on, the schedule ('certo cron') looks once a
day, upgrades, checks that the new certo reads its state, returns to the previous one if it does not, and
tells the programs in hooks/notify. Only then may the systemd service write to the folders of certo's
programs. --auto off ends it.)",
    .run = run,
    .store = false,
};

}  // namespace certo::commands
