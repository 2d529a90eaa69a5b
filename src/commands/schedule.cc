// certo schedule: makes systemd or cron start `certo cron` every hour.
// Defines schedule_command of commands/commands.h.
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/schedule_report.h"
#include "commands/unattended.h"
#include "os/child.h"
#include "os/file.h"
#include "os/machine.h"
#include "os/terminal.h"
#include "os/trust.h"
#include "schedule/scheduler.h"
#include "store/entry.h"

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

std::string root_of(const Args& args) { return absolute(args.get(flag::root)); }

Schedulers schedulers(const Args& args) {
  Schedulers all;
  all.push_back(schedule::systemd(root_of(args), os::is_root()));
  all.push_back(schedule::cron(root_of(args), os::is_root()));
  return all;
}

/// The content of machine-id(5); nothing if it is missing, or not made yet, as in an image.
std::optional<std::string> machine_below(const std::string& root) {
  for (const char* path : {"/etc/machine-id", "/var/lib/dbus/machine-id"}) {
    std::optional<std::string> text = os::read_file_if(root + path);
    if (text && text->size() >= 32) return text;
  }
  return {};
}

Plan plan(const Args& args) {
  const std::string root = root_of(args);
  const std::optional<std::string> own = machine_below(root);
  Plan plan;
  // A program below the root folder is started by its path in there.
  plan.program = os::self_path();
  if (!root.empty() && plan.program.starts_with(root + "/")) plan.program.erase(0, root.size());
  plan.home = absolute(args.get(flag::home));
  plan.minute =
      schedule::stable_minute(own ? *own : machine_below("").value_or(os::host_name()), ::geteuid());
  plan.for_root = os::is_root();
  plan.for_many = !own && !root.empty();
  return plan;
}

Scheduler& chosen(const Args& args, const Schedulers& all, const Plan& plan) {
  if (const std::optional<std::string> kind = args.find(flag::kind)) {
    for (const std::unique_ptr<Scheduler>& one : all)
      if (one->name() == *kind) return *one;
    throw Error(Exit::usage, "--kind '" + *kind + "' is neither systemd nor cron");
  }
  for (const bool only_if_always : {true, false}) {
    for (const std::unique_ptr<Scheduler>& one : all)
      if (one->is_there() && (one->runs_always() || !only_if_always)) return *one;
  }
  // A folder in which a package is made has neither yet.
  if (args.has(flag::root)) return *all.front();
  throw Error(
      Exit::config, "this machine has neither systemd nor cron, so nothing can start certo every hour",
      "in a container: certo cron --every 1h; elsewhere as a line for cron: " + schedule::cron_line(plan));
}

/// A user who could exchange the program would run code as this user every hour.
void require_trusted(const std::string& program) {
  os::trusted_path(program, {.unusable = Exit::config, .untrusted = Exit::not_permitted});
}

/// A user who must not use cron can still use systemd, so a crontab that cannot be read is none.
ScheduleState state_of(const Scheduler& scheduler) {
  try {
    return scheduler.state();
  } catch (const Error& error) {
    log::verbose(std::string(scheduler.name()) + ": " + error.message);
    return {};
  }
}

/// One schedule serves one state folder: another one is neither replaced nor removed by mistake.
void require_own(const Schedulers& all, const Plan& plan) {
  for (const std::unique_ptr<Scheduler>& one : all) {
    const ScheduleState state = state_of(*one);
    if (!state.is_installed || !state.plan || home_of(*state.plan) == home_of(plan)) continue;
    throw Error(Exit::usage,
                state.file + ": this schedule renews " + home_of(*state.plan) + ", and not " + home_of(plan),
                "'certo schedule remove --home " + home_of(*state.plan) +
                    "' ends it; to renew both, add to a crontab: " + schedule::cron_line(plan));
  }
}

/// Refuses a schedule whose runs would not find what they need.
bool is_reachable(const Args& args, const Plan& plan) {
  const std::string root = root_of(args);
  const schedule::Sandbox sandbox = schedule::sandbox_of_service(schedule::service_unit(plan), root);
  std::vector<Failure> found = obstacles({{"the program", plan.program, schedule::Access::read},
                                          {"the state folder", home_of(plan), schedule::Access::write}},
                                         sandbox);
  if (found.empty()) {
    const store::Home home(root + home_of(plan));
    std::vector<schedule::Need> needs = schedule::needs_of_all(home);
    for (schedule::Need& need : needs_of_settings(home)) needs.push_back(std::move(need));
    for (const std::string& name : store::entries(home))
      for (schedule::Need& need : schedule::needs_of(home, name)) needs.push_back(std::move(need));
    found = obstacles(needs, sandbox);
  }
  std::vector<std::string> hints;
  for (const Failure& one : found) {
    log::error(one.error);
    if (std::ranges::find(hints, one.hint) == hints.end()) hints.push_back(one.hint);
  }
  for (const std::string& hint : hints) log::hint(hint);
  return found.empty();
}

Exit install(const Args& args) {
  const Schedulers all = schedulers(args);
  const Plan wanted = plan(args);
  if (wanted.program.empty())
    throw Error(Exit::config, "certo cannot find out where it is installed", "start certo by its full path");
  require_trusted(os::self_path());
  Scheduler& scheduler = chosen(args, all, wanted);
  require_own(all, wanted);
  const bool has_limits = &scheduler == all.front().get() && wanted.for_root;
  if (has_limits && !is_reachable(args, wanted)) return Exit::config;
  scheduler.install(wanted);
  // With two schedules, certo would contact the CA twice.
  for (const std::unique_ptr<Scheduler>& other : all) {
    if (other.get() == &scheduler) continue;
    if (state_of(*other).is_installed && other->remove())
      log::say(std::string("removed the previous schedule of ") + other->name());
  }
  const ScheduleState state = scheduler.state();
  log::say("certo runs every hour by " + state.file + (state.next.empty() ? "" : "; next: " + state.next));
  for (const Failure& fault : state.faults) {
    log::warn(fault.error);
    if (!fault.hint.empty()) log::hint(fault.hint);
  }
  return Exit::ok;
}

Exit remove(const Args& args) {
  const Schedulers all = schedulers(args);
  if (args.has(flag::home)) require_own(all, plan(args));
  bool was_there = false;
  for (const std::unique_ptr<Scheduler>& one : all) was_there = one->remove() || was_there;
  log::say(was_there ? "the schedule is removed; certificates are no longer renewed automatically"
                     : "there was no schedule");
  return Exit::ok;
}

Exit show(const Args& args) {
  ScheduleReport report;
  for (const std::unique_ptr<Scheduler>& one : schedulers(args))
    report.add(one->name(), report.has_schedule() ? state_of(*one) : one->state());
  report.look_around(root_of(args), args.has(flag::home) ? absolute(args.get(flag::home)) : "");
  if (args.has(flag::json))
    print_json(report.json());
  else
    report.print();
  return report.is_fine() ? Exit::ok : Exit::failed;
}

}  // namespace

const Command schedule_command{
    .name = "schedule",
    .group = Group::porcelain,
    .summary = "let systemd or cron start 'certo cron' every hour",
    .output = "status: text or JSON",
    .options = {flag::root},
    .examples = {"certo schedule install", "certo schedule status", "certo schedule install --kind cron",
                 "certo schedule install --root /srv/image", "certo schedule remove"},
    .description =
        R"(For root these are certo.timer and certo.service in /etc/systemd/system, or /etc/cron.d/certo; for other
users, their own systemd or crontab. The minute is random, but always the same on one machine. The
hourly runs use the same --home.

For other users, a timer of systemd runs only while they are logged in, unless linger is enabled
(loginctl enable-linger). Without linger, certo prefers cron.

Installation targets, webroots and reload commands may be anywhere, so the service can write to /etc,
/var, /srv and home folders; only /usr (without /usr/local) and /boot are read-only, and the service has
its own /tmp and /var/tmp. 'certo schedule install' refuses if the program, the state folder or something
that a certificate needs is out of reach. Comments in the file of the service show stricter settings, and
how to keep the settings of a DNS provider in an encrypted credential; add them with 'systemctl edit
certo.service'. The service of a user has no such limits, because sudo in a reload command would not work.

'certo schedule status' also says what is wrong: a timer that is disabled, masked or stopped, a line of
cron that was changed, a last run that failed.

With --root the minute comes from the machine-id below that folder. An image whose machines get their ids
later lets each machine choose.)",
    .subcommands = {{"install", "start 'certo cron' every hour from now on", {}, {flag::kind}, install},
                    {"remove", "stop it", {}, {}, remove},
                    {"status", "when it runs and ran, and what is wrong (then exit code 1)", {}, {}, show}},
};

}  // namespace certo::commands
