#include "commands/pass.h"

#include "base/log.h"
#include "base/text.h"
#include "challenge/take_out.h"
#include "commands/notice.h"
#include "commands/rehearsal.h"
#include "commands/report.h"
#include "install/once.h"
#include "renew/pass.h"
#include "renew/rehearsal.h"

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

/// A journal gives each line the time at which it came; mail from cron is one text in the order of the names.
Telling telling(const Args& args, StartedBy by) {
  if (by == StartedBy::person) return Telling::all;
  const bool is_log = log::is_journal() || args.has(flag::every);
  return is_log && !args.has(flag::json) ? Telling::only_code : Telling::scheduled;
}

}  // namespace

PassEnd pass(const Args& args, std::vector<std::string> names, StartedBy by) {
  store::Home state = home(args);
  const challenge::Sweep sweep(state, [&] { return solver_settings(args); });
  install::heal_installations(state);
  renew::PassSettings settings;
  settings.names = std::move(names);
  settings.force = args.has(flag::force);
  settings.jobs = jobs(args);
  settings.is_attended = by == StartedBy::person && is_attended(args);
  settings.session = session_settings(args, "");
  if (args.has(flag::dry_run)) {
    settings.session = rehearsal_settings(args);
    const auto stand_in = [&](const std::string& directory) { return test_directory(args, directory); };
    return {report_pass(args, renew::rehearse(state, settings, stand_in), Telling::all), ""};
  }
  const Telling how = telling(args, by);
  if (how == Telling::only_code) settings.tell = tell_stage;
  const install::NotifyWhen when = install::notify_when(args.get(flag::notify, "on-change"));
  const std::vector<renew::PassResult> results = renew::run_pass(state, settings);
  const Exit code = report_pass(args, results, how);
  const install::Notice notice = notice_of(results);
  if (install::is_told(notice.event, when)) install::notify(state, notice);
  return {code, counts(results)};
}

}  // namespace certo::commands
