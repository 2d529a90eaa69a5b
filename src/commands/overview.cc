#include "commands/overview.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/log.h"
#include "base/side_by_side.h"
#include "commands/describe.h"
#include "commands/schedule_report.h"
#include "commands/snapshot.h"
#include "install/hook_list.h"
#include "install/material.h"
#include "net/probe.h"
#include "net/trust.h"
#include "os/file.h"
#include "os/terminal.h"
#include "schedule/scheduler.h"
#include "status/installed.h"
#include "store/version.h"

namespace certo::commands {
namespace {

using status::Kind;
using status::Level;

// ---- one certificate ----

/// The leaf alone: to parse a thousand whole chains takes most of the time of a run.
void add_leaf(status::Row& row, const store::Entry& entry, const std::string& version) {
  const std::string path = entry.folder() + "/" + version + "/cert.pem";
  const auto text = os::read_file_if(path);
  if (!text) return;
  const crypto::Certificate leaf = crypto::parse_chain(*text, path, Exit::bad_input).front();
  row.issuer = leaf.issuer_cn.empty() ? leaf.issuer : leaf.issuer_cn;
  row.key_type = leaf.key_description;
  row.serial = leaf.serial_hex();
  row.not_before = leaf.not_before;
  row.not_after = leaf.not_after;
  row.is_revoked = entry.is_revoked(version);
  if (row.names.empty()) row.names = values(leaf.identifiers);
}

status::Row row_of(const Snapshot& snapshot) {
  status::Row row;
  row.name = snapshot.name;
  if (snapshot.request) {
    row.names = values(snapshot.request->identifiers);
    row.directory = snapshot.request->directory;
  }
  const store::Status& known = snapshot.status;
  row.not_after = snapshot.not_after;
  row.renew_at = snapshot.renew_at;
  row.window_start = known.window_start;
  row.window_end = known.window_end;
  row.ari_explanation = known.ari_explanation;
  row.failures = known.failures;
  row.failing_since = known.failing_since;
  row.retry_at = known.retry_at;
  row.last_error = known.last_error;
  row.renew_because = known.renew_because;
  row.is_begun = snapshot.is_begun;
  row.is_test = snapshot.is_test;
  row.are_hooks_pending = snapshot.are_hooks_pending;
  row.is_rekey_owed = snapshot.is_rekey_owed;
  row.damage = snapshot.damage;
  row.installation = snapshot.installation;
  row.names_missing = known.missing;
  row.record = known.record;
  row.record_ends = known.record_ends;
  return row;
}

void add_endpoints(status::Row& row, const std::vector<install::Installation>& installations, Asks asks) {
  const auto add = [&](const std::string& server, bool is_guessed) {
    const auto is_known = [&](const status::Endpoint& one) { return one.server == server; };
    if (std::ranges::none_of(row.endpoints, is_known))
      row.endpoints.push_back({.server = server, .certificate = row.name, .is_guessed = is_guessed});
  };
  for (const install::Installation& one : installations)
    for (const std::string& server : one.verify) add(net::spoken(net::parse_tls_server(server)), false);
  if (asks != Asks::guessed || !row.endpoints.empty()) return;
  for (const std::string& name : row.names)
    if (!name.starts_with("*.")) add(net::spoken({.host = name, .port = 443}), true);
}

status::Row gather(const store::Home& home, const std::string& name, Asks asks) {
  const store::Entry entry(home, name);
  const Snapshot snapshot = look(home, name, Look::quick);
  status::Row row = row_of(snapshot);
  try {
    row.version = install::live_version(entry);
    const auto installations = install::installations(entry);
    if (!row.version.empty()) {
      add_leaf(row, entry, row.version);
      row.files = status::look_at_files(entry, row.version, installations);
    }
    if (asks != Asks::none && row.not_after != Time{}) add_endpoints(row, installations, asks);
  } catch (const Error& error) {
    if (row.damage.empty()) row.damage = error.message;
  }
  return row;
}

// ---- endpoints ----

/// A question to an endpoint, and what the answer is compared with.
struct Asked {
  status::Endpoint* endpoint;
  std::optional<std::vector<crypto::Certificate>> ours{};
  std::string name;
};

/// Nothing if this system has no CA certificates: then nobody can say what is trusted.
std::unique_ptr<net::TrustStore> trust(const std::string& bundle) {
  try {
    return std::make_unique<net::TrustStore>(bundle);
  } catch (const Error& error) {
    if (!bundle.empty()) throw;
    log::warn("whether servers' certificates are trusted is not checked: " + error.message);
    return nullptr;
  }
}

std::vector<Asked> questions(const store::Home& home, status::Overview& overview) {
  std::vector<Asked> all;
  for (status::Row& row : overview.rows) {
    if (row.endpoints.empty()) continue;
    const std::string folder = store::Entry(home, row.name).folder() + "/" + row.version;
    const auto chain = store::read_pair_if_sound(folder);
    for (status::Endpoint& one : row.endpoints) {
      Asked asked{.endpoint = &one, .ours = chain, .name = net::parse_tls_server(one.server).host};
      if (!one.is_guessed && chain) asked.name = install::name_to_ask_for(chain->front());
      all.push_back(std::move(asked));
    }
  }
  for (status::Endpoint& one : overview.endpoints)
    all.push_back({.endpoint = &one, .name = net::parse_tls_server(one.server).host});
  return all;
}

void ask_endpoints(const store::Home& home, const OverviewSettings& settings, status::Overview& overview) {
  const std::vector<Asked> all = questions(home, overview);
  if (all.empty()) return;
  const std::unique_ptr<net::TrustStore> roots = trust(settings.ca_bundle);
  std::vector<status::Question> wanted;
  wanted.reserve(all.size());
  for (const Asked& one : all) wanted.push_back({one.endpoint->server, one.name});
  const log::Waiting live("asking " + std::to_string(all.size()) + " servers for their certificates");
  const auto seen = status::look_at(wanted, settings.reach);
  for (size_t at = 0; at < all.size(); ++at) {
    const status::Expectation expected{.name = all[at].name,
                                       .ours = all[at].ours ? &*all[at].ours : nullptr,
                                       .roots = roots ? &roots->roots() : nullptr};
    judge(*all[at].endpoint, seen[at], expected, settings.thresholds, overview.now);
  }
}

// ---- the store ----

void look_at_last_pass(const store::Home& home, status::Overview& overview) {
  const auto pass = store::last_pass(home);
  if (!pass) return;
  overview.schedule.ended = pass->ended;
  overview.schedule.code = pass->code;
  overview.schedule.summary = pass->summary;
}

void look_at_schedule(const store::Home& home, status::Overview& overview) {
  ScheduleReport report;
  for (const auto& make : {schedule::systemd, schedule::cron}) {
    try {
      const auto scheduler = make("", os::is_root());
      report.add(scheduler->name(), scheduler->state());
    } catch (const Error& error) {  // such as a crontab that this user may not read
      log::verbose("certo cannot see whether a schedule exists: " + error.message);
    }
  }
  report.look_around("", home.path());
  status::Schedule& schedule = overview.schedule;
  report.add_facts(schedule);
  const auto say = [&](Kind kind, const std::string& what, const std::string& advice) {
    add(overview.findings, overview.level, {kind, Level::warn, what, advice});
  };
  for (const Failure& fault : report.faults()) say(Kind::schedule_fault, fault.error, fault.hint);
  // A container runs 'certo cron --every'.
  const bool has_run = schedule.ended && overview.now - *schedule.ended < std::chrono::hours(3);
  if (schedule.kind.empty() && !has_run)
    say(Kind::not_scheduled, "nothing starts certo, so that nothing is renewed", "certo schedule install");
}

void look_at_hooks(const store::Home& home, status::Overview& overview) {
  overview.notify_hooks = install::files_of_hooks(install::hook_folder(home, "notify"));
  if (!overview.notify_hooks.empty() || overview.schedule.kind == "cron") return;  // cron sends a mail
  add(overview.findings, overview.level,
      {Kind::nobody_notified, Level::ok, "nobody is notified of failures",
       "put a program in hooks/notify of the state folder: see 'certo help hooks'"});
}

}  // namespace

status::Overview overview(const store::Home& home, const OverviewSettings& settings, Time now) {
  status::Overview overview;
  overview.now = now;
  overview.home = home.path();
  each_in_order<status::Row>(
      settings.names.size(), [&](size_t at) { return gather(home, settings.names[at], settings.asks); },
      [&](status::Row row) { overview.rows.push_back(std::move(row)); });
  for (const std::string& server : settings.servers) overview.endpoints.push_back({.server = server});
  ask_endpoints(home, settings, overview);
  for (status::Row& row : overview.rows) judge(row, settings.thresholds, now);
  look_at_last_pass(home, overview);
  if (settings.whole == Whole::yes) {
    look_at_schedule(home, overview);
    look_at_hooks(home, overview);
  }
  judge(overview);
  return overview;
}

}  // namespace certo::commands
