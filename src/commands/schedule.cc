// certo schedule: makes systemd or cron start `certo cron` every hour.
// Defines schedule_command of commands/commands.h.
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "os/child.h"
#include "os/file.h"
#include "os/terminal.h"
#include "os/trust.h"
#include "schedule/scheduler.h"

namespace certo::console::flag {

constexpr Option kind{"--kind", Value::scheduler, "systemd|cron",
                      "systemd or cron (default: systemd if it runs)"};
constexpr Option root{"--root", Value::folder, "DIR",
                      "write below DIR instead of /, and start nothing: for packages and images"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

using schedule::Plan;
using schedule::Scheduler;
using schedule::ScheduleState;

using Schedulers = std::vector<std::unique_ptr<Scheduler>>;

Schedulers schedulers(const Args& args) {
  const std::string root = absolute(args.get(flag::root));
  Schedulers all;
  all.push_back(schedule::systemd(root, os::is_root()));
  all.push_back(schedule::cron(root, os::is_root()));
  return all;
}

std::string machine() {
  for (const char* path : {"/etc/machine-id", "/var/lib/dbus/machine-id"}) {
    if (const std::optional<std::string> text = os::read_file_if(path); text && text->size() >= 32)
      return *text;
  }
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

Plan plan(const Args& args) {
  Plan plan;
  plan.program = os::self_path();
  plan.home = absolute(args.get(flag::home));
  plan.minute = schedule::stable_minute(machine(), ::geteuid());
  plan.for_root = os::is_root();
  return plan;
}

Scheduler& chosen(const Args& args, const Schedulers& all, const Plan& plan) {
  const std::optional<std::string> kind = args.find(flag::kind);
  for (const std::unique_ptr<Scheduler>& one : all) {
    if (kind ? one->name() == *kind : one->is_there()) return *one;
  }
  if (kind) throw Error(Exit::usage, "--kind '" + *kind + "' is neither systemd nor cron");
  throw Error(Exit::config,
              "this machine has neither systemd nor cron, so nothing can start certo every hour",
              "start it every hour by other means; as a line for cron: " + schedule::cron_line(plan));
}

/// A user who could exchange the program would run code as this user every hour.
void require_trusted(const std::string& program) {
  os::trusted_path(program, {.unusable = Exit::config, .untrusted = Exit::not_permitted});
}

Exit install(const Args& args) {
  const Schedulers all = schedulers(args);
  const Plan wanted = plan(args);
  if (wanted.program.empty())
    throw Error(Exit::config, "certo cannot find out where it is installed", "start certo by its full path");
  require_trusted(wanted.program);
  Scheduler& scheduler = chosen(args, all, wanted);
  scheduler.install(wanted);
  // With two schedules, certo would contact the CA twice.
  for (const std::unique_ptr<Scheduler>& other : all) {
    if (other.get() == &scheduler) continue;
    if (other->state().is_installed && other->remove())
      log::say(std::string("removed the previous schedule of ") + other->name());
  }
  const ScheduleState state = scheduler.state();
  log::say("certo runs every hour by " + state.file + (state.next.empty() ? "" : "; next: " + state.next));
  return Exit::ok;
}

Exit remove(const Args& args) {
  bool was_there = false;
  for (const std::unique_ptr<Scheduler>& one : schedulers(args)) was_there = one->remove() || was_there;
  log::say(was_there ? "the schedule is removed; certificates are no longer renewed automatically"
                     : "there was no schedule");
  return Exit::ok;
}

Exit show(const Args& args) {
  std::string kind;
  ScheduleState state;
  for (const std::unique_ptr<Scheduler>& one : schedulers(args)) {
    const ScheduleState found = one->state();
    if (!found.is_installed || state.is_installed) continue;
    kind = one->name();
    state = found;
  }
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  if (args.has(flag::json)) {
    const std::string file = state.is_installed ? state.file : "";
    print_json(Json(Json::Object{{"certo", "schedule/1"},
                                 {"kind", text(kind)},
                                 {"file", text(file)},
                                 {"next", text(state.next)},
                                 {"last", text(state.last)}}));
  } else if (!state.is_installed) {
    print("not scheduled\n");
  } else {
    const auto known = [](const std::string& value) { return value.empty() ? "not known" : value; };
    print(kind + ": " + state.file + "\nnext: " + known(state.next) + "\nlast: " + known(state.last) + "\n");
  }
  return state.is_installed ? Exit::ok : Exit::failed;
}

}  // namespace

const Command schedule_command{
    .name = "schedule",
    .group = Group::porcelain,
    .summary = "let systemd or cron start 'certo cron' every hour",
    .output = "status: text or JSON",
    .options = {flag::root},
    .examples = {"certo schedule install", "certo schedule status", "certo schedule install --kind cron",
                 "certo schedule remove"},
    .description =
        R"(For root these are certo.timer and certo.service in /etc/systemd/system, or /etc/cron.d/certo; for other
users, their own systemd or crontab. The minute is random, but always the same on one machine. The
hourly runs use the same --home.

Installation targets, webroots and reload commands may be anywhere, so the service can write to /etc,
/var, /srv and home folders; only /usr (without /usr/local) and /boot are read-only. Comments in the
file of the service show stricter settings, and how to pass the settings of a DNS provider as an
encrypted credential; add them with 'systemctl edit certo.service'. Hooks have a /tmp of their own. The
service of a user has no such limits, because sudo in a reload command would not work.)",
    .subcommands =
        {{"install", "start 'certo cron' every hour from now on", {}, {flag::kind}, install},
         {"remove", "stop it", {}, {}, remove},
         {"status", "when it runs next and ran last; exit code 1 if it is not scheduled", {}, {}, show}},
};

}  // namespace certo::commands
