#include "commands/unattended.h"

#include "base/error.h"
#include "base/log.h"
#include "commands/monitoring.h"
#include "console/defaults.h"
#include "os/file.h"
#include "os/terminal.h"
#include "schedule/scheduler.h"

namespace certo::commands {
namespace {

/// The service of a user has no limits, and cron knows none.
bool is_renewed_by_service() {
  return os::is_root() && schedule::systemd("", true)->is_there() &&
         !schedule::cron("", true)->state().is_installed;
}

schedule::Sandbox sandbox() {
  const auto installed = os::read_file_if(std::string(schedule::system_units) + "/certo.service");
  return schedule::sandbox_of_service(installed.value_or(schedule::service_unit(schedule::Plan{})), "");
}

}  // namespace

std::vector<Failure> obstacles(const std::vector<schedule::Need>& needs, const schedule::Sandbox& sandbox) {
  std::vector<Failure> found;
  for (const schedule::Need& need : needs) {
    if (const auto obstacle = sandbox.obstacle(need.path, need.access))
      found.push_back({Exit::config, need.subject + " " + need.path + ": " + obstacle->why, obstacle->hint});
  }
  return found;
}

std::vector<schedule::Need> needs_of_settings(const store::Home& home) {
  struct Setting {
    Option option;
    schedule::Access access;
  };
  constexpr Setting settings[] = {
      {flag::metrics_file, schedule::Access::write}, {flag::ping_url_file, schedule::Access::read},
      {flag::log, schedule::Access::write},          {flag::ca_bundle, schedule::Access::read},
      {flag::eab_hmac_file, schedule::Access::read}, {flag::eab_api_key_file, schedule::Access::read}};
  std::vector<schedule::Need> needs;
  for (const auto& [option, access] : settings) {
    const std::string path = console::configured(home.path(), option);
    if (path.starts_with('/'))
      needs.push_back({"certo.conf: the " + long_flag(option).substr(2), path, access});
  }
  return needs;
}

void warn_of_service(const store::Home& home, const std::string& certificate) {
  try {
    if (!is_renewed_by_service()) return;
    std::vector<schedule::Need> needs = schedule::needs_of(home, certificate);
    needs.insert(needs.begin(), {"the state folder", home.path(), schedule::Access::write});
    for (const Failure& one : obstacles(needs, sandbox())) {
      log::warn(one.error);
      log::hint(one.hint);
    }
  } catch (const Error& error) {
    log::verbose("certo cannot see what its service reaches: " + error.message);
  }
}

std::string home_of(const schedule::Plan& plan) {
  return plan.home.empty() ? store::Home("").path() : plan.home;
}

void say_unscheduled(const store::Home& home) {
  for (const auto& make : {schedule::systemd, schedule::cron}) {
    try {
      const schedule::ScheduleState state = make("", os::is_root())->state();
      if (!state.is_installed) continue;
      if (state.plan && home_of(*state.plan) != home.path())
        return log::warn("nothing renews it: the schedule renews " + home_of(*state.plan) + " and not " +
                         home.path());
      for (const Failure& fault : state.faults) log::warn("the schedule: " + fault.error);
      return;
    } catch (const Error& error) {  // such as a crontab that this user may not read
      return log::verbose("certo cannot see whether a schedule exists: " + error.message);
    }
  }
  log::say("nothing renews it yet: certo schedule install");
}

}  // namespace certo::commands
