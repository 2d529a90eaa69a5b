// The schedule as a file of cron, or as a line of a user's crontab.
// Implements a part of schedule/scheduler.h.
#include <ctime>

#include "base/error.h"
#include "base/text.h"
#include "os/child.h"
#include "os/file.h"
#include "os/program.h"
#include "schedule/scheduler.h"

namespace certo::schedule {
namespace {

/// Cron's minutes are those of local time, which is half an hour off in some places.
int shown_minute() {
  const std::time_t seconds = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return local.tm_min;
}

Failure edited(const std::string& file, std::string_view crontab) {
  const std::string line = our_line(crontab);
  const std::string what = line.starts_with('#') ? "certo's line is commented out, so nothing starts certo"
                                                 : "certo's line was changed";
  return {Exit::failed, file + ": " + what + ": " + line,
          "'certo schedule install' writes it again; 'certo schedule remove' removes it"};
}

ScheduleState state_of(std::string file, std::string_view text, bool for_root) {
  ScheduleState state;
  state.file = std::move(file);
  state.is_installed = has_line(text);
  if (!state.is_installed) return state;
  state.plan = plan_in_crontab(text);
  if (is_edited(text, for_root)) {
    state.faults.push_back(edited(state.file, text));
    return state;
  }
  state.next = rfc3339(next_run(minute_in(text), shown_minute(), now()));
  return state;
}

/// /etc/cron.d, which every cron of the last decades reads.
class SystemCron : public Scheduler {
 public:
  explicit SystemCron(const std::string& root)
      : is_elsewhere_(!root.empty()), folder_(root + "/etc/cron.d"), path_(folder_ + "/certo") {}

  const char* name() const override { return "cron"; }
  // Other packages bring the folder, too.
  bool is_there() const override {
    return os::exists(folder_) && (is_elsewhere_ || os::find_program("crontab"));
  }
  void install(const Plan& plan) override {
    os::make_folder(folder_, 0755);
    os::write_file(path_, cron_file(plan), 0644);
  }
  bool remove() override {
    const bool was_there = os::exists(path_);
    os::remove_file(path_);
    return was_there;
  }
  ScheduleState state() const override {
    return state_of(path_, os::read_file_if(path_).value_or(std::string()), true);
  }

 private:
  bool is_elsewhere_;
  std::string folder_, path_;
};

/// A user's crontab, changed by the program crontab, because users may not write the file itself.
class UserCron : public Scheduler {
 public:
  explicit UserCron(const std::string& root) : is_elsewhere_(!root.empty()) {}

  const char* name() const override { return "cron"; }
  bool is_there() const override { return !is_elsewhere_ && os::find_program("crontab").has_value(); }
  void install(const Plan& plan) override {
    const std::string old = crontab();
    if (const std::string text = with_line(old, plan); text != old) write(text);
  }
  bool remove() override {
    const std::string old = is_there() ? crontab() : "";
    if (!has_line(old)) return false;
    write(without_line(old));
    return true;
  }
  ScheduleState state() const override { return state_of("crontab", is_there() ? crontab() : "", false); }

 private:
  os::Finished run(const std::vector<std::string>& words, const std::string& input) const {
    const std::optional<std::string> program = is_elsewhere_ ? std::nullopt : os::find_program("crontab");
    if (!program) {
      throw Error(Exit::config,
                  "certo needs the program crontab to change a user's crontab, but it is not installed",
                  "install cron, or use --kind systemd");
    }
    os::Command command;
    command.argv = {*program};
    command.path = os::trusted_program(*program);
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    command.environment = os::clean_environment();
    command.input = input;
    command.output_limit = 1 << 20;
    return os::run(command);
  }

  std::string crontab() const {
    const os::Finished said = run({"-l"}, "");
    if (said.truncated) throw Error(Exit::bad_input, "the crontab is longer than 1 MiB");
    if (said.status == 0) return said.output;
    // There is none yet; any other failure must not become an empty crontab.
    if (lower(said.errors).find("no crontab") != std::string::npos) return {};
    throw Error(Exit::failed, "crontab -l: " + std::string(trim(said.errors)));
  }

  void write(const std::string& text) const {
    const os::Finished finished = run({"-"}, text);
    if (finished.status != 0) throw Error(Exit::failed, "crontab -: " + std::string(trim(finished.errors)));
  }

  bool is_elsewhere_;
};

}  // namespace

std::unique_ptr<Scheduler> cron(std::string root, bool for_root) {
  if (for_root) return std::make_unique<SystemCron>(root);
  return std::make_unique<UserCron>(root);
}

}  // namespace certo::schedule
