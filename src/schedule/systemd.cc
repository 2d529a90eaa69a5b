// The schedule as a timer and a service of systemd.
// Implements a part of schedule/scheduler.h.
#include "base/error.h"
#include "base/log.h"
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
    if (!os::exists(root_ + "/run/systemd/system")) return false;
    // A user's own systemd runs only during a login.
    return for_root_ || !root_.empty() || os::exists(os::environment("XDG_RUNTIME_DIR") + "/systemd");
  }

  void install(const Plan& plan) override {
    os::make_folder(folder() + "/timers.target.wants", 0755);
    os::write_file(unit(service), service_unit(plan), 0644);
    os::write_file(unit(timer), timer_unit(plan), 0644);
    os::switch_link(wanted(), std::string("../") + timer);
    if (!is_live()) return;
    require({"daemon-reload"});
    // Its time may have changed, so a timer that runs is started again.
    require({"enable", timer});
    require({"restart", timer});
    if (!for_root_) log::say("it runs only while you are logged in; to change that: loginctl enable-linger");
  }

  bool remove() override {
    if (!state().is_installed) return false;
    if (is_live()) require({"disable", "--now", timer});
    for (const std::string& path : {wanted(), unit(timer), unit(service)}) os::remove_file(path);
    if (is_live()) require({"daemon-reload"});
    return true;
  }

  ScheduleState state() const override {
    ScheduleState state;
    state.file = unit(timer);
    state.is_installed = os::exists(unit(timer)) || os::exists(wanted());
    if (!state.is_installed || !is_live()) return state;
    const os::Finished said = systemctl({"show", timer, "--property=NextElapseUSecRealtime,LastTriggerUSec"});
    for (const std::string& line : split(said.output, '\n')) {
      const std::optional<Time> time = systemd_time(line.substr(line.find('=') + 1));
      if (!time) continue;
      (line.starts_with("Next") ? state.next : state.last) = rfc3339(*time);
    }
    return state;
  }

 private:
  std::string folder() const {
    if (for_root_) return root_ + "/etc/systemd/system";
    const std::string config = os::environment("XDG_CONFIG_HOME");
    return root_ + (config.starts_with('/') ? config : os::home_folder() + "/.config") + "/systemd/user";
  }
  std::string unit(const char* name) const { return folder() + "/" + name; }
  std::string wanted() const { return folder() + "/timers.target.wants/" + timer; }

  bool is_live() const { return root_.empty() && is_there(); }

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
    for (const char* variable : {"XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}) {
      if (const std::string value = os::environment(variable); !value.empty())
        command.environment.push_back(std::string(variable) + "=" + value);
    }
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
