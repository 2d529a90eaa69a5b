// certo cron: renews what is due, and says nothing if nothing happened.
// Defines cron_command of commands/commands.h.
#include "base/error.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/auto_upgrade.h"
#include "commands/commands.h"
#include "commands/monitoring.h"
#include "commands/pass.h"
#include "os/file.h"
#include "os/signals.h"
#include "os/unit.h"
#include "store/last_pass.h"

namespace certo::commands {

namespace {

/// "90", "90s", "30m", "1h", "1d".
Seconds interval(const Args& args) {
  const std::string text = args.get(flag::every);
  constexpr std::string_view units = "smhd";
  constexpr int64_t seconds_of[] = {1, 60, 3600, 86400};
  const size_t unit = text.empty() ? units.npos : units.find(text.back());
  const auto count = number(unit == units.npos ? text : text.substr(0, text.size() - 1), 1, 86400);
  const Seconds time(count.value_or(0) * (unit == units.npos ? 1 : seconds_of[unit]));
  constexpr Seconds longest = std::chrono::days(7);
  if (!count || time > longest)
    throw Error(Exit::usage, "--every: '" + text + "' is not a time up to 7 days", "for example --every 1h");
  return time;
}

/// `certo schedule status` reads it. A pass is not a failure because it cannot be written down.
void note(const Args& args, Time started, const PassEnd& end, int code) {
  try {
    save(home(args), {.started = started, .ended = now(), .code = code, .summary = end.summary});
  } catch (const Error& error) {
    log::warn(error.message);
  }
}

/// Such a run would find nothing to renew, every hour.
void require_visible(const store::Home& home) {
  const std::string hint = os::exists(home.path()) ? "" : os::hint_of_private_tmp(home.path());
  if (!hint.empty()) throw Error(Exit::config, home.path() + ": the state folder is missing here", hint);
}

Exit noted_pass(const Args& args) {
  require_visible(home(args));
  const Time started = now();
  try {
    const PassEnd end = pass(args, {}, PassReport::Audience::schedule);
    note(args, started, end, static_cast<int>(end.code));
    tell_monitors(args, home(args), {end.code, end.doubtful});
    upgrade_by_schedule(home(args), lock_timeout(args));
    return end.code;
  } catch (const Error& error) {
    note(args, started, {.summary = error.message}, static_cast<int>(error.code));
    tell_monitors(args, home(args), {error.code});
    throw;
  } catch (const Interrupted& interrupted) {
    note(args, started, {.summary = interrupted.what()},
         static_cast<int>(Exit::interrupted) + interrupted.signal);
    throw;
  }
}

/// For containers, which have no cron. A signal between two passes ends it with 0.
Exit repeat(const Args& args, Seconds every) {
  log::say("a pass now, and then one every " + spoken_duration(every.count()));
  for (;;) {
    const Deadline next(every);
    try {
      noted_pass(args);
    } catch (const Error& error) {
      report("", failure_of(error));
    }
    if (os::signal_within(next.left())) return Exit::ok;
  }
}

Exit run(const Args& args) { return args.has(flag::every) ? repeat(args, interval(args)) : noted_pass(args); }

}  // namespace

const Command cron_command{
    .name = "cron",
    .group = Group::porcelain,
    .summary = "renew what is due; print nothing if nothing happened",
    .options = {flag::every, flag::jobs, flag::agree_tos},
    .sets = {&notify_options, &monitoring_options, &validation_options, &connection_options},
    .defaults_only = {&registration_options},
    .examples = {"17 * * * * root certo cron   # a line for /etc/cron.d/certo",
                 "certo cron --every 1h   # in a container, which has no cron"},
    .description =
        R"(Run it every hour. If nothing is due, it takes milliseconds, also with a thousand certificates, and
contacts no CA. 'certo schedule status' shows the result of the last run.

Once a day it also looks at the list of revoked certificates (CRL) that a certificate names, by http, and
renews at once what its CA has revoked. If the list cannot be had or is not to be believed, nothing changes,
and -v says why.

It also tells, once a day at most, what no run fails of: a certificate that is late or expires soon, and a
server of --verify that presents another certificate. Like failures, these alerts are printed and given to
the programs in hooks/notify ('certo help hooks'). An installation or a hook that fails in each run is
reported once a day, too. With 'metrics-file' in certo.conf it writes metrics for
Prometheus' node_exporter; with 'ping-url-file' it requests a secret URL after each pass without a failure,
so that a service for dead man's switches notices if certo does not run any more.

With --every it does not end. It prints what happens at once, continues after a failed pass, and ends with
0 if a signal comes between two passes.)",
    .run = run,
};

}  // namespace certo::commands
