#include "commands/monitoring.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "commands/foresee.h"
#include "commands/overview.h"
#include "install/notify.h"
#include "net/http.h"
#include "net/secret_url.h"
#include "os/file.h"
#include "os/trust.h"
#include "status/alerts.h"
#include "status/formats.h"
#include "store/entry.h"

namespace certo::commands {
namespace {

using status::Alert;
using status::Topic;

/// Runs `act`; what fails there is said, and no more.
template <typename Act>
void attempt(const std::string& subject, const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    log::warn(subject + ": " + error.message);
    if (!error.hint.empty()) log::hint(error.hint);
  }
}

void write_metrics(const std::string& path, const status::Overview& overview) {
  if (!path.ends_with(".prom"))
    throw Error(Exit::config, path + ": node_exporter reads only files that end with .prom");
  os::write_file(path, status::prometheus_text(overview), 0644);
}

// ---- alerts ----

install::Event event_of(Topic topic) {
  switch (topic) {
    case Topic::late: return install::Event::late;
    case Topic::expires: return install::Event::expires;
    case Topic::endpoint: return install::Event::endpoint;
    case Topic::will_fail: return install::Event::will_fail;
  }
  return install::Event::failure;
}

std::string subject_of(Topic topic, const std::vector<const Alert*>& alerts) {
  const bool is_one = alerts.size() == 1;
  const std::string who = is_one ? alerts.front()->subject : std::to_string(alerts.size()) + " certificates";
  switch (topic) {
    case Topic::late: return "certo: " + who + (is_one ? " is" : " are") + " late: not renewed yet";
    case Topic::expires: return "certo: " + who + (is_one ? ": " + alerts.front()->what : " expire soon");
    case Topic::endpoint:
      return "certo: " + (is_one ? who + ": " + alerts.front()->what
                                 : std::to_string(alerts.size()) + " faults of servers' certificates");
    case Topic::will_fail:
      return "certo: " + (is_one ? who + ": " + alerts.front()->what
                                 : std::to_string(alerts.size()) + " renewals will fail");
  }
  return who;
}

void report_topic(const store::Home& home, Topic topic, const std::vector<const Alert*>& alerts) {
  install::Notice notice{.event = event_of(topic), .subject = subject_of(topic, alerts)};
  for (const Alert* one : alerts) {
    log::warn(one->subject + ": " + one->what);
    notice.text += one->subject + ": " + one->what + "\n";
    if (one->advice.empty()) continue;
    log::hint(one->advice);
    notice.text += "  hint: " + one->advice + "\n";
  }
  install::notify(home, notice);
}

void report_alerts(const store::Home& home, status::Reported& reported, std::vector<Alert> all, Time now) {
  const std::vector<Alert> alerts = reported.take_new(std::move(all), now);
  // Before they are reported: a hook that is slow or killed must not be run each hour.
  attempt("alerts", [&] { reported.save(); });
  for (const Topic topic : {Topic::late, Topic::expires, Topic::endpoint, Topic::will_fail}) {
    std::vector<const Alert*> some;
    for (const Alert& one : alerts)
      if (one.topic == topic) some.push_back(&one);
    if (!some.empty()) report_topic(home, topic, some);
  }
}

/// The servers of --verify are asked, and the next renewals are checked, once a day. Metrics are whole each
/// time.
void look_and_tell(const Args& args, const store::Home& home, const EndedPass& pass) {
  const Time time = now();
  status::Reported reported(home);
  const std::string metrics = absolute(args.get(flag::metrics_file));
  OverviewSettings settings{.whole = Whole::no};
  settings.ca_bundle = args.get(flag::ca_bundle);
  const bool is_daily = reported.must_ask_servers(time);
  if (is_daily || !metrics.empty()) settings.asks = Asks::known;
  // Most passes find nothing to do, and should end at once.
  const bool is_for_all = settings.asks == Asks::known || !pass.doubtful;
  settings.names = is_for_all ? store::folders(home) : *pass.doubtful;
  const status::Overview all = overview(home, settings, time);
  if (is_daily) reported.note_servers_asked(time);
  if (!metrics.empty()) attempt("metrics", [&] { write_metrics(metrics, all); });
  std::vector<Alert> alerts = alerts_of(all);
  if (is_daily) std::ranges::move(foresee(args, home, all), std::back_inserter(alerts));
  report_alerts(home, reported, std::move(alerts), time);
}

// ---- the dead man's switch ----

/// The URL is a secret: anybody who knows it can report that all is well.
void ping(const std::string& path, const Args& args) {
  const std::string text = os::read_private(path, os::of_settings, 4096);
  const std::string line(trim(std::string_view(text).substr(0, text.find('\n'))));
  net::HttpRequest request{.timeout = Seconds(15)};
  try {
    request.url = net::parse_url(line, path, Exit::config);
  } catch (const Error&) {  // its message has the URL
    throw Error(Exit::config, path + ": the first line is not an https URL");
  }
  net::keep_url_secret(request.url.text);
  net::Http http({.ca_bundle = args.get(flag::ca_bundle),
                  .ip_version = 0,
                  .user_agent = std::string("certo/") + version()});
  const net::HttpReply reply = http.send(std::move(request)).get();
  if (reply.status / 100 != 2)
    throw Error(Exit::unreachable, "the server answers with HTTP status " + std::to_string(reply.status),
                "is the URL in " + path + " still right?");
}

}  // namespace

void tell_monitors(const Args& args, const store::Home& home, const EndedPass& pass) {
  if (!os::exists(home.path())) return;
  attempt("alerts", [&] { look_and_tell(args, home, pass); });
  if (const std::string path = absolute(args.get(flag::ping_url_file));
      !path.empty() && pass.code == Exit::ok)
    attempt("ping", [&] { ping(path, args); });
}

}  // namespace certo::commands
