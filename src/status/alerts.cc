#include "status/alerts.h"

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "os/file.h"
#include "os/trust.h"
#include "store/format.h"

namespace certo::status {
namespace {

constexpr const char* format = "alerts/1";
// An hourly run may come a little earlier than the day before.
constexpr Seconds day = std::chrono::hours(24) - std::chrono::minutes(10);
constexpr size_t most = 100000;

std::optional<Topic> topic_of(const Finding& finding, bool is_endpoint) {
  if (finding.level == Level::ok) return {};
  if (is_endpoint) return finding.kind == Kind::unreachable ? std::nullopt : std::optional(Topic::endpoint);
  switch (finding.kind) {
    case Kind::late: return Topic::late;
    case Kind::expired:
    case Kind::expiring: return Topic::expires;
    case Kind::record_ends: return Topic::will_fail;
    default: return {};  // a run reports it, or nothing is urgent
  }
}

void add(std::vector<Alert>& alerts, const std::string& subject, const std::vector<Finding>& findings,
         bool is_endpoint) {
  for (const Finding& one : findings)
    if (const auto topic = topic_of(one, is_endpoint))
      alerts.push_back({*topic, subject, printable(one.what), printable(one.advice)});
}

std::string key_of(const Alert& alert) { return std::string(word(alert.topic)) + " " + alert.subject; }

std::string key_of(const std::string& failure) { return "failure " + printable(failure, 400); }

/// A time from the future comes from a clock that was wrong.
bool is_recent(Time time, Time now) { return time <= now && now - time < day; }

}  // namespace

std::string_view word(Topic topic) {
  switch (topic) {
    case Topic::late: return "late";
    case Topic::expires: return "expires";
    case Topic::endpoint: return "endpoint";
    case Topic::will_fail: return "will-fail";
  }
  return "";
}

std::vector<Alert> alerts_of(const Overview& overview) {
  std::vector<Alert> alerts;
  for (const Row& row : overview.rows) {
    add(alerts, row.name, row.findings, false);
    for (const Endpoint& one : row.endpoints) add(alerts, row.name + ", " + one.server, one.findings, true);
  }
  return alerts;
}

Reported::Reported(const store::Home& home) : path_(home.path() + "/alerts.json") {
  try {
    const auto text = os::read_trusted_if(path_, os::of_state, size_t{16} << 20);
    if (!text) return;
    const Json json = parse_json(*text, path_, Exit::bad_input);
    store::require_format(json, format, path_);
    const Fields fields(json, path_, Exit::bad_input);
    asked_ = store::optional_time(fields, "servers_asked").value_or(Time{});
    for (const Json& one : fields.array("reported")) {
      const Fields entry(one, path_, Exit::bad_input);
      if (reported_.size() < most)
        reported_[entry.string("alert")] = store::optional_time(entry, "at").value_or(Time{});
    }
    before_ = *text;
  } catch (const store::NewerFormat& newer) {
    log::verbose(newer.message + "; it stays as it is");
    is_newer_ = true;
  } catch (const Error& error) {
    log::verbose(error.message + "; all alerts are reported again");
    reported_.clear();
  }
}

std::vector<Alert> Reported::take_new(std::vector<Alert> alerts, Time now) {
  std::erase_if(reported_, [&](const auto& one) { return !is_recent(one.second, now); });
  const std::map<std::string, Time> before = reported_;
  std::erase_if(alerts, [&](const Alert& alert) { return before.contains(key_of(alert)); });
  for (const Alert& alert : alerts) reported_[key_of(alert)] = now;
  return alerts;
}

bool Reported::has(const std::string& failure, Time now) const {
  const auto found = reported_.find(key_of(failure));
  return found != reported_.end() && is_recent(found->second, now);
}

bool Reported::take_new(const std::string& failure, Time now) {
  if (has(failure, now)) return false;
  reported_[key_of(failure)] = now;
  return true;
}

bool Reported::must_ask_servers(Time now) const { return !is_recent(asked_, now); }

void Reported::save() const {
  Json list = Json::array();
  for (const auto& [alert, at] : reported_)
    list.push(Json(Json::Object{{"alert", printable(alert)}, {"at", rfc3339(at)}}));
  Json json = store::new_file(format);
  if (asked_ != Time{}) json.set("servers_asked", rfc3339(asked_));
  json.set("reported", std::move(list));
  const std::string text = to_pretty_json(json);
  const bool is_nothing = reported_.empty() && asked_ == Time{} && before_.empty();
  if (text != before_ && !is_nothing && !is_newer_) os::write_file(path_, text, 0600);
}

}  // namespace certo::status
