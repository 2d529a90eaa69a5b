#include "commands/schedule_report.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "commands/unattended.h"
#include "console/output.h"
#include "os/file.h"

namespace certo::commands {
namespace {

/// A run every hour, of which two may have been missed.
constexpr Seconds patience = std::chrono::hours(3);

/// The steady clock begins when the machine does.
Seconds since_boot() {
  return std::chrono::floor<Seconds>(std::chrono::steady_clock::now().time_since_epoch());
}

/// Nothing for "crontab", the one of a user.
std::optional<Time> changed_at(const std::string& path) {
  struct stat facts {};
  if (!path.starts_with('/') || ::stat(path.c_str(), &facts) != 0) return {};
  return Time(Seconds(facts.st_mtim.tv_sec));
}

bool is_failure(int code) {
  return code != static_cast<int>(Exit::ok) && code != static_cast<int>(Exit::later) &&
         code < static_cast<int>(Exit::interrupted);
}

Json text_or_null(const std::string& value) { return value.empty() ? Json() : Json(value); }

std::string known(const std::string& value) { return value.empty() ? "not known" : value; }

}  // namespace

void ScheduleReport::add_fault(const std::string& error, const std::string& hint) {
  if (std::ranges::find(faults_, error, &Failure::error) == faults_.end())
    faults_.push_back({Exit::failed, error, hint});
}

void ScheduleReport::add(const std::string& kind, const schedule::ScheduleState& state) {
  for (const Failure& fault : state.faults) add_fault(fault.error, fault.hint);
  if (!state.is_installed) return;
  if (!kind_.empty())
    return add_fault(kind + " starts certo, too: " + state.file,
                     "'certo schedule install' keeps one of both");
  kind_ = kind;
  state_ = state;
}

void ScheduleReport::look_around(const std::string& root, const std::string& home) {
  if (kind_.empty()) return;
  if (!state_.plan)
    return add_fault(state_.file + ": it does not start certo", "'certo schedule install' writes it again");
  home_ = home_of(*state_.plan);
  if (!home.empty() && home != home_)
    add_fault("the schedule renews " + home_ + ", and not " + home, "certo schedule status --home " + home_);
  if (!root.empty()) return;  // an image, whose program may come later
  if (!os::exists(state_.plan->program))
    add_fault(state_.file + ": there is no " + state_.plan->program + " any more",
              "run 'certo schedule install' with the certo that you have now");
  try {
    look_at_pass();
  } catch (const Error& error) {  // the state folder is not usable
    add_fault(error.message, error.hint);
  }
}

void ScheduleReport::look_at_pass() {
  if (!os::exists(home_)) return;  // nothing to renew
  pass_ = store::last_pass(store::Home(home_));
  if (pass_ && state_.last.empty()) state_.last = rfc3339(pass_->started);
  if (pass_ && is_failure(pass_->code))
    add_fault("the last run failed with exit code " + std::to_string(pass_->code) + ": " + pass_->summary,
              "'certo renew --all' tries again and says more");
  // Whoever wrote the schedule has waited since.
  const Time begun = std::max(pass_ ? pass_->ended : Time{}, changed_at(state_.file).value_or(Time{}));
  if (begun == Time{} || now() - begun < patience || since_boot() < patience) return;
  add_fault(pass_ ? "certo has not run for " + spoken_duration((now() - pass_->ended).count())
                  : "certo has not run since the schedule was installed",
            "see whether " + kind_ + " runs, and its log");
}

void ScheduleReport::add_facts(status::Schedule& schedule) const {
  schedule.kind = kind_;
  if (kind_.empty()) return;
  schedule.file = state_.file;
  schedule.next = state_.next;
  schedule.last = state_.last;
}

void ScheduleReport::print() const {
  if (kind_.empty()) {
    console::print("not scheduled\n");
  } else {
    std::string text = kind_ + ": " + state_.file + "\n";
    if (!home_.empty()) text += "renews: " + home_ + "\n";
    text += "next: " + known(state_.next) + "\nlast: " + known(state_.last) + "\n";
    if (pass_)
      text += "result: exit code " + std::to_string(pass_->code) + " at " + rfc3339(pass_->ended) + ": " +
              pass_->summary + "\n";
    console::print(text);
  }
  for (const Failure& fault : faults_) report("", fault);
}

Json ScheduleReport::json() const {
  Json problems = Json::array();
  for (const Failure& fault : faults_)
    problems.push(Json(Json::Object{{"error", printable(fault.error)}, {"hint", text_or_null(fault.hint)}}));
  Json pass;
  if (pass_)
    pass = Json(Json::Object{{"started", rfc3339(pass_->started)},
                             {"ended", rfc3339(pass_->ended)},
                             {"code", pass_->code},
                             {"summary", pass_->summary}});
  return Json(Json::Object{{"certo", "schedule/1"},
                           {"kind", text_or_null(kind_)},
                           {"file", text_or_null(kind_.empty() ? "" : state_.file)},
                           {"next", text_or_null(state_.next)},
                           {"last", text_or_null(state_.last)},
                           {"home", text_or_null(home_)},
                           {"last_pass", std::move(pass)},
                           {"problems", std::move(problems)}});
}

}  // namespace certo::commands
