// certo list: shows all certificates of the store.
// Defines list_command of commands/commands.h.
#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/snapshot.h"
#include "console/layout.h"

namespace certo::console::flag {

constexpr Option names{"--names", Value::none, nullptr, "print only the names, one in each line"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

constexpr size_t names_shown = 3;

std::string brief_names(const Snapshot& snapshot) {
  if (!snapshot.request) return "?";
  std::vector<std::string> names = values(snapshot.request->identifiers);
  const size_t more = names.size() > names_shown ? names.size() - names_shown : 0;
  names.resize(names.size() - more);
  return join(names, ", ") + (more ? " +" + std::to_string(more) : "");
}

std::string distance(Time time, Time now) {
  if (time == Time{}) return "-";
  const long long seconds = (time - now).count();
  return seconds < 0 ? spoken_duration(-seconds) + " ago" : "in " + spoken_duration(seconds);
}

std::string state_text(const Snapshot& snapshot, Time now) {
  std::string text = name(state(snapshot, now));
  if (snapshot.is_test) text += " (test)";
  if (!snapshot.damage.empty()) return text + ": " + printable(snapshot.damage, 200);
  const store::Status& status = snapshot.status;
  if (!status.renew_because.empty()) text += ": " + printable(status.renew_because, 200);
  if (status.failures > 0)
    text += " (" + std::to_string(status.failures) + "): " + printable(status.last_error, 200);
  if (!snapshot.installation.empty()) text += ", " + snapshot.installation;
  if (snapshot.are_hooks_pending) text += ", hooks to run again";
  return text;
}

void show_table(const std::vector<Snapshot>& snapshots, Time now) {
  Rows rows = {{"NAME", "FOR", "EXPIRES", "RENEWAL", "STATE"}};
  for (const Snapshot& snapshot : snapshots) {
    rows.push_back({snapshot.name, brief_names(snapshot), distance(snapshot.not_after, now),
                    distance(snapshot.renew_at, now), state_text(snapshot, now)});
  }
  print(columns(rows));
}

Json time_json(Time time) { return time == Time{} ? Json() : Json(rfc3339(time)); }

Json snapshot_json(const Snapshot& snapshot, Time now) {
  Json json = Json::object();
  json.set("name", snapshot.name);
  json.set("state", name(state(snapshot, now)));
  json.set("names", snapshot.request ? to_json(values(snapshot.request->identifiers)) : Json());
  json.set("directory", snapshot.request ? Json(snapshot.request->directory) : Json());
  json.set("test", snapshot.is_test);
  json.set("not_after", time_json(snapshot.not_after));
  json.set("renew_at", time_json(snapshot.renew_at));
  if (!snapshot.status.renew_because.empty())
    json.set("renew_because", printable(snapshot.status.renew_because));
  json.set("failures", snapshot.status.failures);
  if (!snapshot.status.last_error.empty()) json.set("last_error", printable(snapshot.status.last_error));
  if (snapshot.status.retry_at) json.set("retry_at", time_json(*snapshot.status.retry_at));
  json.set("installation_pending", !snapshot.installation.empty());
  json.set("hooks_pending", snapshot.are_hooks_pending);
  if (!snapshot.damage.empty()) json.set("damage", printable(snapshot.damage));
  return json;
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::vector<std::string> names = store::entries(state);
  if (args.has(flag::names)) {
    print(names.empty() ? "" : join(names, "\n") + "\n");
    return Exit::ok;
  }
  std::vector<Snapshot> snapshots;
  for (const std::string& name : names) snapshots.push_back(look(state, name, Look::quick));
  if (args.has(flag::json)) {
    Json list = Json::array();
    for (const Snapshot& snapshot : snapshots) list.push(snapshot_json(snapshot, now()));
    print_json(Json(Json::Object{{"certo", "list/1"}, {"certificates", list}}));
  } else if (snapshots.empty()) {
    log::say("there are no certificates in " + state.path());
  } else {
    show_table(snapshots, now());
  }
  return Exit::ok;
}

}  // namespace

const Command list_command{
    .name = "list",
    .group = Group::porcelain,
    .summary = "list the certificates in the store",
    .output = "table or JSON",
    .options = {flag::names},
    .examples = {"certo list",
                 "certo list --json | jq -r '.certificates[] | select(.state != \"valid\").name'"},
    .description =
        R"(The states are valid, due, failing (a renewal failed, but the certificate is still valid), expired,
missing (there is none yet) and damaged. '(test)' marks a certificate from a test CA.)",
    .run = run,
};

}  // namespace certo::commands
