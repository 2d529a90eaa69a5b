#include "commands/auto_upgrade.h"

#include "base/error.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "commands/programs.h"
#include "commands/release_server.h"
#include "install/notify.h"
#include "os/child.h"
#include "os/file.h"
#include "os/path.h"
#include "os/program.h"
#include "os/terminal.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::commands {
namespace {

constexpr const char* format = "auto-upgrade/1";
constexpr Seconds pause = std::chrono::hours(23);  // the schedule looks once a day
constexpr const char* service = "/etc/systemd/system/certo.service";

struct State {
  bool is_on = false;
  Time looked{};       // the last time
  Time signed_at{};    // the newest list of releases that was seen
  std::string failed;  // a version that failed its check
};

std::string file_of(const store::Home& home) { return home.path() + "/upgrade.json"; }

State read(const store::Home& home) {
  State state;
  const std::string file = file_of(home);
  const std::optional<std::string> text = os::read_trusted_if(file, os::of_state);
  if (!text) return state;
  const Json json = parse_json(*text, file, Exit::bad_input);
  store::require_format(json, format, file);
  const Fields fields(json, file, Exit::bad_input);
  state.is_on = fields.boolean("on", false);
  state.looked = store::optional_time(fields, "looked").value_or(Time{});
  state.signed_at = store::optional_time(fields, "signed").value_or(Time{});
  state.failed = fields.optional_string("failed").value_or("");
  return state;
}

void save(const store::Home& home, const State& state) {
  Json json = store::new_file(format);
  json.set("on", state.is_on);
  if (state.looked != Time{}) json.set("looked", rfc3339(state.looked));
  if (state.signed_at != Time{}) json.set("signed", rfc3339(state.signed_at));
  if (!state.failed.empty()) json.set("failed", state.failed);
  os::write_file(file_of(home), to_pretty_json(json), 0600);
}

os::Finished run(const std::string& program, std::vector<std::string> words) {
  os::Command command;
  command.path = os::trusted_program(program);
  words.insert(words.begin(), program);
  command.argv = std::move(words);
  command.environment = os::clean_environment();
  command.output_limit = 64 << 20;
  command.deadline = Seconds(120);
  return os::run(command);
}

/// A file of its own next to the unit, which `certo schedule install` does not touch.
void open_folders(Auto wanted) {
  const std::string drop_in = std::string(service) + ".d/upgrade.conf";
  if (!os::is_root() || (!os::exists(service) && !os::exists("/run/systemd/system"))) return;
  if (wanted == Auto::off) {
    if (!os::exists(drop_in)) return;
    os::remove_file(drop_in);
  } else {
    std::string folders;
    for (const std::string& path : program_paths(os::self_path()))
      folders += " \"-" + os::folder_of(path) + '"';
    os::make_folder(std::string(service) + ".d", 0755);
    os::write_file(drop_in,
                   "# Written by 'certo upgrade --auto on'; 'certo upgrade --auto off' removes it.\n"
                   "[Service]\nReadOnlyPaths=\nReadWritePaths=" +
                       folders.substr(1) + "\n",
                   0644);
  }
  const std::optional<std::string> systemctl = os::find_program("systemctl");
  if (os::exists("/run/systemd/system") && systemctl) run(*systemctl, {"daemon-reload"});
}

void tell(const store::Home& home, install::Event event, const std::string& subject,
          const std::string& text) {
  install::notify(home, {event, "certo: " + subject, text + "\n"});
}

/// "" if the new certo is what it says and reads this state, as the one before did.
std::string wrong_with(const Release& release, const store::Home& home, int status_before) {
  const std::string certo = os::self_path();
  try {
    const os::Finished said = run(certo, {"version"});
    if (said.status != 0 || trim(said.output) != "certo " + release.version)
      return "it does not say its version";
    const os::Finished listed = run(certo, {"list", "--json", "--home", home.path()});
    if (listed.status == status_before) return {};
    const std::string words = printable(std::string(trim(listed.errors)), 300);
    return "'certo list' ends with " + std::to_string(listed.status) + (words.empty() ? "" : ": " + words);
  } catch (const Error& error) {
    return error.message;
  }
}

void look(const store::Home& home, State& state, Millis lock_timeout) {
  ReleaseServer server("");
  const Release release = server.newest();
  if (release.signed_at < state.signed_at)
    throw Error(Exit::protocol, "the server offers an older list of releases than before",
                "somebody in between may hold new releases back");
  state.signed_at = release.signed_at;
  if (compare_versions(release.version, version()) <= 0 || release.version == state.failed) return;
  const int before = run(os::self_path(), {"list", "--json", "--home", home.path()}).status;
  if (!upgrade(server, release, lock_timeout)) return;
  const std::string wrong = wrong_with(release, home, before);
  if (wrong.empty()) {
    return tell(home, install::Event::change, "upgraded to " + release.version,
                std::string("certo ") + version() + " was upgraded to " + release.version);
  }
  undo_upgrade(lock_timeout);
  state.failed = release.version;
  throw Error(
      Exit::failed,
      "certo " + release.version + " failed its check, so certo " + version() + " was put back: " + wrong,
      "it is not tried again; the next release is");
}

}  // namespace

void set_auto_upgrade(const store::Home& home, Auto wanted) {
  if (wanted == Auto::on) require_upgradable();
  home.prepare();
  State state = read(home);
  state.is_on = wanted == Auto::on;
  save(home, state);
  open_folders(wanted);
  log::say(state.is_on ? "the schedule upgrades certo to new, signed releases"
                       : "certo is upgraded only by 'certo upgrade'");
}

void upgrade_by_schedule(const store::Home& home, Millis lock_timeout) {
  try {
    State state = read(home);
    if (!state.is_on || (state.looked <= now() && now() - state.looked < pause)) return;
    state.looked = now();
    save(home, state);
    try {
      look(home, state, lock_timeout);
    } catch (const Error& error) {
      report("upgrade", failure_of(error));
      tell(home, install::Event::failure, "upgrade failed", error.message);
    }
    save(home, state);
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

}  // namespace certo::commands
