#include "commands/pass.h"

#include "base/log.h"
#include "base/text.h"
#include "challenge/take_out.h"
#include "commands/after_failure.h"
#include "commands/hook_options.h"
#include "commands/notice.h"
#include "commands/rehearsal.h"
#include "commands/rekey.h"
#include "install/once.h"
#include "renew/pass.h"
#include "renew/rehearsal.h"
#include "status/alerts.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

size_t jobs(const Args& args) {
  constexpr int most = 256;
  const std::string text = args.get(flag::jobs, "4");
  const auto count = number(text, 1, most);
  if (!count)
    throw Error(Exit::usage, "--jobs: '" + text + "' is not a number from 1 to " + std::to_string(most));
  return static_cast<size_t>(*count);
}

Exit rehearse(const Args& args, const store::Home& state, renew::PassSettings settings,
              const PassReport& report) {
  settings.session = rehearsal_settings(args);
  const auto stand_in = [&](const std::string& directory) { return test_directory(args, directory); };
  return report.end({renew::rehearse(state, settings, stand_in), {}});
}

std::vector<std::string> doubtful(const renew::PassRun& run) {
  constexpr Seconds month = std::chrono::days(30);
  const Time soon = now() + month;
  std::vector<std::string> names;
  for (const renew::PassResult& one : run.results)
    if (one.outcome != renew::Outcome::not_due || one.not_after <= soon) names.push_back(one.name);
  return names;
}

/// A pass is not a failure because it cannot write this down.
void save_reported(const status::Reported& reported) {
  try {
    reported.save();
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

/// A failure of each hour is said once a day.
Exit complete_rekeys(const Args& args, const store::Home& state, const renew::PassRun& run,
                     const renew::PassSettings& settings) {
  std::vector<std::string> names;
  names.reserve(run.results.size());
  for (const renew::PassResult& one : run.results) names.push_back(one.name);
  Exit code = Exit::ok;
  for (const Failure& failure : settle_rekeys(args, state, names)) {
    code = worst(code, failure.code);
    if (!settings.is_scheduled || !settings.was_reported(failure.error)) report("", failure);
  }
  return code;
}

}  // namespace

PassEnd pass(const Args& args, std::vector<std::string> names, PassReport::Audience audience) {
  const store::Home state = home(args);
  const challenge::Sweep sweep(state, [&] { return solver_settings(args); });
  install::heal_installations(state);
  const PassReport report(args, audience);
  renew::PassSettings settings;
  settings.names = std::move(names);
  settings.force = args.has(flag::force);
  settings.hooks = wanted_hooks(args);
  settings.jobs = jobs(args);
  settings.is_scheduled = audience == PassReport::Audience::schedule;
  settings.is_attended = !settings.is_scheduled && is_attended(args);
  settings.session = session_settings(args, "");
  settings.news = report.news();
  const Deadline explaining(std::min<Millis>(settings.session.time_limit, std::chrono::minutes(2)));
  settings.explain = [&](const std::string& name, const Error& error) -> Explanation {
    try {
      return seen_after(args, state, name, store::Entry(state, name).request(), error, explaining);
    } catch (const Error&) {  // of request.json: reported before
      return {};
    }
  };
  if (args.has(flag::dry_run)) return {rehearse(args, state, std::move(settings), report), ""};
  const install::NotifyWhen when = install::notify_when(args.get(flag::notify, "on-change"));
  status::Reported reported(state);
  settings.was_reported = [&](const std::string& failure) {
    return settings.is_scheduled ? !reported.take_new(failure, now()) : reported.has(failure, now());
  };
  const renew::PassRun run = renew::run_pass(state, settings);
  const Exit rekeys = run.interrupted ? Exit::ok : complete_rekeys(args, state, run, settings);
  if (settings.is_scheduled) save_reported(reported);
  const Exit code = worst(report.end(run), rekeys);
  if (const install::Notice notice = notice_of(run); install::is_told(notice.event, when))
    install::notify(state, notice);
  if (run.interrupted) throw Interrupted(*run.interrupted);
  return {code, counts(run.results), doubtful(run)};
}

}  // namespace certo::commands
