// certo info: shows one certificate of the store.
// Defines info_command of commands/commands.h.
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/report.h"
#include "commands/snapshot.h"
#include "commands/targets.h"
#include "console/layout.h"
#include "install/targets.h"
#include "os/file.h"

namespace certo::commands {
namespace {

void add_ways(Rows& rows, const store::Request& request) {
  if (request.ways.others.empty()) return rows.push_back({"proven by", store::describe(request.ways.usual)});
  for (const auto& [identifiers, way] : request.ways.others)
    rows.push_back({"proven by", store::describe(way) + ": " + join(values(identifiers), ", ")});
  rows.push_back({"proven by", store::describe(request.ways.usual) + ": the other names"});
}

void add_request(Rows& rows, const store::Request& request) {
  rows.push_back({"names", join(shown(request.identifiers), ", ")});
  rows.push_back({"CA", join(store::directories(request), ", then ")});
  rows.push_back({"account", request.account});
  rows.push_back({"key type", request.csr.empty() ? std::string(crypto::name(request.key_type))
                                                  : "of its CSR; the key is elsewhere"});
  rows.push_back({"key reuse", request.reuse_key ? "renewals keep the key" : ""});
  rows.push_back({"profile", request.profile});
  rows.push_back({"preferred profile", request.preferred_profile});
  rows.push_back({"requested from", request.not_before});
  rows.push_back({"requested until", request.not_after});
  rows.push_back({"renew before", request.renew_before});
  rows.push_back({"must staple", request.must_staple ? "requested" : ""});
  rows.push_back({"subset", request.allow_subset ? "names that fail are left out" : ""});
  rows.push_back({"preferred chain", request.preferred_chain});
  if (request.deactivate_authorizations) rows.push_back({"authorizations", "deactivated after each issue"});
  add_ways(rows, request);
}

void add_live(Rows& rows, const Snapshot& snapshot, const store::Entry& entry, Time now) {
  if (!snapshot.live) return;
  const crypto::Certificate& leaf = snapshot.live->chain.front();
  const std::string folder = entry.folder() + "/live";
  if (os::exists(folder + "/key.pem")) rows.push_back({"private key", folder + "/key.pem"});
  rows.push_back({"full chain", folder + "/fullchain.pem"});
  rows.push_back({"issuer", leaf.issuer});
  if (snapshot.request && !snapshot.request->fallbacks.empty())
    rows.push_back({"issued by", entry.directory_of(snapshot.live->version)});
  rows.push_back({"serial", leaf.serial_hex()});
  rows.push_back({"not before", with_distance(leaf.not_before, now)});
  rows.push_back({"not after", with_distance(leaf.not_after, now)});
}

void add_status(Rows& rows, const Snapshot& snapshot, Time now) {
  const store::Status& status = snapshot.status;
  if (snapshot.renew_at != Time{}) rows.push_back({"renewal", with_distance(snapshot.renew_at, now)});
  if (status.window_start && status.window_end) {
    rows.push_back({"the CA suggests", rfc3339(*status.window_start) + " to " + rfc3339(*status.window_end)});
  }
  rows.push_back({"its reason", status.ari_explanation});
  rows.push_back({"renewed because", status.renew_because});
  rows.push_back({"missing names", join(status.missing, ", ")});
  if (status.failures > 0) rows.push_back({"failures in a row", std::to_string(status.failures)});
  if (status.failing_since) rows.push_back({"failing since", with_distance(*status.failing_since, now)});
  if (status.retry_at) rows.push_back({"not again before", with_distance(*status.retry_at, now)});
  rows.push_back({snapshot.is_begun ? "the first try" : "last error", status.last_error});
  rows.push_back({"damage", snapshot.damage});
}

/// "A, B (live)"
void add_versions(Rows& rows, const Snapshot& snapshot, const store::Entry& entry) {
  std::vector<std::string> shown;
  for (const std::string& version : entry.versions())
    shown.push_back(version + (snapshot.live && snapshot.live->version == version ? " (live)" : ""));
  rows.push_back({"versions", join(shown, ", ")});
}

void add_targets(Rows& rows, const store::Entry& entry) {
  try {
    const std::string live = os::read_link(entry.folder() + "/live").value_or("");
    for (auto& row : commands::rows(install::installations(entry), live)) rows.push_back(std::move(row));
  } catch (const Error&) {  // its damage is shown
  }
}

void show(const Snapshot& snapshot, const store::Entry& entry, Time now) {
  Rows rows = {{"name", snapshot.name}, {"state", name(state(snapshot, now))}};
  if (snapshot.is_begun)
    rows.push_back({"folder", entry.folder() +
                                  ", from an issue that has not succeeded: the same command "
                                  "again continues, 'certo remove " +
                                  snapshot.name + "' gives up"});
  if (snapshot.is_test) rows.push_back({"test", "it is from a test CA: nobody trusts it"});
  if (snapshot.request) add_request(rows, *snapshot.request);
  add_live(rows, snapshot, entry, now);
  add_status(rows, snapshot, now);
  add_versions(rows, snapshot, entry);
  add_targets(rows, entry);
  if (snapshot.are_hooks_pending)
    rows.push_back(
        {"hooks", "to run again: 'certo install-cert -d " + snapshot.name + "', or the next renewal run"});
  if (snapshot.status.record_ends)
    rows.push_back({"record", snapshot.status.record + " ends " + spoken_date(*snapshot.status.record_ends) +
                                  "; no renewal will succeed after that"});
  if (snapshot.is_rekey_owed)
    rows.push_back(
        {"old key", "not revoked yet; to continue: certo rekey " + snapshot.name + " --compromised"});
  std::erase_if(rows, [](const auto& row) { return row[1].empty(); });
  for (auto& row : rows) row[1] = printable(row[1], 16384);
  print(columns(rows));
}

Json info_json(const Snapshot& snapshot, const store::Entry& entry, Time now) {
  Json json = Json::object();
  json.set("certo", "info/1").set("name", snapshot.name).set("state", name(state(snapshot, now)));
  json.set("folder", entry.folder()).set("test", snapshot.is_test);
  json.set("request", snapshot.request ? to_json(*snapshot.request) : Json());
  store::Status status = snapshot.status;
  status.live.reset();  // the fingerprints are certo's own
  status.request.reset();
  json.set("status", to_json(status));
  const std::string issued_by = snapshot.live ? entry.directory_of(snapshot.live->version) : "";
  json.set("issued_by", issued_by.empty() ? Json() : Json(issued_by));
  json.set("certificate", snapshot.live ? to_json(snapshot.live->chain.front()) : Json());
  Json versions = Json::array();
  for (const std::string& version : entry.versions()) versions.push(version);
  json.set("live", snapshot.live ? Json(snapshot.live->version) : Json())
      .set("versions", std::move(versions));
  json.set("installations", targets_json(entry)).set("hooks_pending", snapshot.are_hooks_pending);
  json.set("renew_at", snapshot.renew_at == Time{} ? Json() : Json(rfc3339(snapshot.renew_at)));
  if (!snapshot.damage.empty()) json.set("damage", printable(snapshot.damage));
  return json;
}

Exit run(const Args& args) {
  const store::Home state = home_to_read(args);
  const std::string name = store::certificate_name(args.words()[0]);
  const store::Entry entry(state, name);
  if (!os::exists(entry.folder())) throw unknown_certificate(state, name);
  const Snapshot snapshot = look(state, name, Look::thorough);
  if (args.has(flag::json)) {
    print_json(info_json(snapshot, entry, now()));
  } else {
    show(snapshot, entry, now());
  }
  return Exit::ok;
}

}  // namespace

const Command info_command{
    .name = "info",
    .group = Group::porcelain,
    .summary = "show one certificate in the store",
    .word = {Value::certificate, "NAME", 1, 1},
    .output = "text or JSON",
    .examples = {"certo info example.com", "certo info '*.example.com'",
                 "certo info example.com --json | jq .certificate"},
    .run = run,
};

}  // namespace certo::commands
