// The schedule as a timer and a service of systemd.
// Implements a part of schedule/scheduler.h.
#include <unistd.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "os/child.h"
#include "os/file.h"
#include "os/program.h"
#include "os/terminal.h"
#include "schedule/scheduler.h"

namespace certo::schedule {
namespace {

constexpr const char* service = "certo.service";
constexpr const char* timer = "certo.timer";

class Systemd : public Scheduler {
 public:
  Systemd(std::string root, bool for_root) : root_(std::move(root)), for_root_(for_root) {}

  const char* name() const override { return "systemd"; }

  bool is_there() const override {
    if (root_.empty())
      return os::exists("/run/systemd/system") && (for_root_ || os::exists(runtime_folder() + "/systemd"));
    constexpr const char* marks[] = {"/run/systemd/system", "/usr/lib/systemd/systemd",
                                     "/lib/systemd/systemd"};
    return std::ranges::any_of(marks, [&](const char* mark) { return os::exists(root_ + mark); });
  }

  bool runs_always() const override {
    return for_root_ || os::exists(root_ + "/var/lib/systemd/linger/" + os::user_name());
  }

  void install(const Plan& plan) override {
    require_unmasked();
    os::make_folder(folder() + "/timers.target.wants", 0755);
    os::write_file(unit(service), service_unit(plan), 0644);
    os::write_file(unit(timer), timer_unit(plan), 0644);
    os::switch_link(wanted(), std::string("../") + timer);
    if (!is_live()) return;
    require({"daemon-reload"});
    // Its time may have changed, so a timer that runs is started again.
    require({"enable", timer});
    require({"restart", timer});
  }

  bool remove() override {
    if (!is_installed()) return false;
    if (is_live()) require({"disable", "--now", timer});
    for (const std::string& path : {wanted(), unit(timer), unit(service)})
      if (!is_mask(path)) os::remove_file(path);
    if (!is_live()) return true;
    require({"daemon-reload"});
    systemctl({"reset-failed", timer, service});  // it fails if neither had failed
    return true;
  }

  ScheduleState state() const override {
    ScheduleState state;
    state.file = unit(timer);
    state.is_installed = is_installed();
    for (const char* name : {timer, service})
      if (is_mask(unit(name))) state.faults.push_back(masked(name));
    if (!state.is_installed) return state;
    state.plan = plan_in_unit(os::read_file_if(unit(service)).value_or(""));
    if (is_live()) {
      ask_timer(state);
      ask_service(state);
    } else if (root_.empty()) {
      state.faults.push_back(not_running());
    }
    if (!runs_always() && root_.empty()) state.faults.push_back(without_linger());
    return state;
  }

 private:
  using Properties = std::map<std::string, std::string>;

  std::string folder() const {
    if (for_root_) return root_ + system_units;
    const std::string config = os::environment("XDG_CONFIG_HOME");
    return root_ + (config.starts_with('/') ? config : os::home_folder() + "/.config") + "/systemd/user";
  }
  std::string unit(const char* name) const { return folder() + "/" + name; }
  std::string wanted() const { return folder() + "/timers.target.wants/" + timer; }

  bool is_live() const { return root_.empty() && is_there(); }
  bool is_installed() const {
    return os::exists(wanted()) || (os::exists(unit(timer)) && !is_mask(unit(timer)));
  }

  /// `systemctl mask` puts such a link in the place of the unit.
  static bool is_mask(const std::string& path) { return os::read_link(path) == "/dev/null"; }
  void require_unmasked() const {
    for (const char* name : {timer, service})
      if (is_mask(unit(name))) throw Error(Exit::config, masked(name).error, masked(name).hint);
  }

  // ---- faults ----

  std::string systemctl_words() const { return for_root_ ? "systemctl " : "systemctl --user "; }
  Failure masked(const std::string& name) const {
    return {Exit::failed, name + " is masked, so systemd does not start it",
            systemctl_words() + "unmask " + name + ", then certo schedule install"};
  }
  Failure not_running() const {
    if (for_root_)
      return {Exit::failed, std::string("systemd does not run here, so nothing starts ") + timer,
              "certo schedule install --kind cron"};
    return {Exit::failed, std::string("systemd does not run for this user, so nothing starts ") + timer,
            "loginctl enable-linger, or certo schedule install --kind cron"};
  }
  Failure without_linger() const {
    return {Exit::failed, std::string(timer) + " runs only while you are logged in",
            "loginctl enable-linger, or certo schedule install --kind cron"};
  }

  void ask_timer(ScheduleState& state) const {
    Properties shown = properties(
        state, timer, "LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime,LastTriggerUSec");
    if (const auto time = systemd_time(shown["NextElapseUSecRealtime"])) state.next = rfc3339(*time);
    if (const auto time = systemd_time(shown["LastTriggerUSec"])) state.last = rfc3339(*time);
    const auto say = [&](const std::string& what, const std::string& hint) {
      state.faults.push_back({Exit::failed, std::string(timer) + what, hint});
    };
    const std::string active = shown["ActiveState"], enabled = shown["UnitFileState"];
    if (shown["LoadState"] == "masked" || enabled.starts_with("masked"))
      state.faults.push_back(masked(timer));
    else if (enabled == "disabled")
      say(" is disabled: it does not run after the next boot", "certo schedule install");
    if (active == "inactive" || active == "failed" || active == "deactivating")
      say(" is stopped (" + active + "), so nothing starts certo", systemctl_words() + "start " + timer);
  }

  void ask_service(ScheduleState& state) const {
    Properties shown = properties(state, service, "LoadState,Result,ExecMainStatus");
    if (shown["LoadState"] == "masked") state.faults.push_back(masked(service));
    const std::string result = shown["Result"];
    if (result.empty() || result == "success") return;
    const std::string code =
        result == "exit-code" ? "exit code " + printable(shown["ExecMainStatus"]) : printable(result);
    state.faults.push_back({Exit::failed, std::string("the last run of ") + service + " failed: " + code,
                            std::string(for_root_ ? "journalctl -u " : "journalctl --user -u ") + service});
  }

  // ---- systemctl ----

  std::string runtime_folder() const {
    // sudo does not set it, or keeps that of another user.
    const std::string folder = os::environment("XDG_RUNTIME_DIR");
    const bool is_ours = folder.starts_with('/') && os::exists(folder + "/systemd");
    return is_ours ? folder : "/run/user/" + std::to_string(::geteuid());
  }

  Properties properties(ScheduleState& state, const char* name, const std::string& wanted) const {
    const os::Finished said = systemctl({"show", name, "--property=" + wanted});
    if (said.status != 0)
      state.faults.push_back(
          {Exit::failed, std::string("systemctl show ") + name + ": " + std::string(trim(said.errors)), ""});
    Properties properties;
    for (const std::string& line : split(said.output, '\n')) {
      const size_t equals = std::min(line.find('='), line.size());
      if (equals < line.size()) properties[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return properties;
  }

  os::Finished systemctl(std::vector<std::string> words) const {
    const std::optional<std::string> program = os::find_program("systemctl");
    if (!program) throw Error(Exit::config, "systemd runs here, but there is no systemctl on PATH");
    words.insert(words.begin(), *program);
    if (!for_root_) words.insert(words.begin() + 1, "--user");
    os::Command command;
    command.path = os::trusted_program(*program);
    command.argv = std::move(words);
    command.environment = os::clean_environment();
    std::erase_if(command.environment, [](const std::string& one) { return one.starts_with("TZ="); });
    command.environment.emplace_back("TZ=UTC");
    if (!for_root_) command.environment.push_back("XDG_RUNTIME_DIR=" + runtime_folder());
    if (const std::string bus = os::environment("DBUS_SESSION_BUS_ADDRESS"); !for_root_ && !bus.empty())
      command.environment.push_back("DBUS_SESSION_BUS_ADDRESS=" + bus);
    return os::run(command);
  }

  void require(const std::vector<std::string>& words) const {
    const os::Finished finished = systemctl(words);
    if (finished.status == 0) return;
    throw Error(Exit::failed, "systemctl " + join(words, " ") + ": " + std::string(trim(finished.errors)),
                "the units are in " + folder() + "; 'certo schedule remove' removes them");
  }

  std::string root_;
  bool for_root_;
};

}  // namespace

std::unique_ptr<Scheduler> systemd(std::string root, bool for_root) {
  return std::make_unique<Systemd>(std::move(root), for_root);
}

}  // namespace certo::schedule
