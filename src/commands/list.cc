// certo list: shows the certificates of the store.
// Defines list_command of commands/commands.h.
#include <algorithm>

#include "base/log.h"
#include "base/natural.h"
#include "base/side_by_side.h"
#include "base/sort.h"
#include "base/text.h"
#include "commands/choices.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/snapshot.h"
#include "console/table.h"
#include "os/file.h"
#include "os/terminal.h"

namespace certo::console::flag {

constexpr Option names{"--names", Value::none, nullptr, "print only the names, one in each line"};
constexpr Option sort{"--sort", Value::list_order, "ORDER",
                      "state (the worst first, default), name or expiry"};
constexpr Option due{"--due", Value::none, nullptr,
                     "only those that the next run of 'certo renew' would renew"};
constexpr Option failing{"--failing", Value::none, nullptr,
                         "only those that failed or are damaged, missing or expired"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

/// What the table needs of a certificate. There may be a hundred thousand.
struct Row {
  std::string name, names;
  Time not_after{}, renew_at{};
  State state = State::valid;
  int failures = 0;
  bool is_test = false, is_pending = false, are_hooks_pending = false, is_rekey_owed = false;
  std::string because;  // why it is due, if not by its dates
  std::string missing;  // names that the certificate lacks
};

std::string brief_names(const Snapshot& snapshot) {
  if (!snapshot.request) return snapshot.is_begun ? "-" : "?";
  constexpr size_t names_shown = 3;
  std::vector<std::string> names = shown(snapshot.request->identifiers);
  const size_t more = names.size() > names_shown ? names.size() - names_shown : 0;
  names.resize(names.size() - more);
  return join(names, ", ") + (more ? " +" + std::to_string(more) : "");
}

Row row_of(const Snapshot& snapshot, Time now) {
  return {.name = snapshot.name,
          .names = brief_names(snapshot),
          .not_after = snapshot.not_after,
          .renew_at = snapshot.renew_at,
          .state = state(snapshot, now),
          .failures = snapshot.status.failures,
          .is_test = snapshot.is_test,
          .is_pending = !snapshot.installation.empty(),
          .are_hooks_pending = snapshot.are_hooks_pending,
          .is_rekey_owed = snapshot.is_rekey_owed,
          .because = snapshot.status.renew_because,
          .missing = join(snapshot.status.missing, ", ")};
}

std::string distance(Time time, Time now) {
  if (time == Time{}) return "-";
  const long long seconds = (time - now).count();
  return seconds < 0 ? spoken_duration(-seconds) + " ago" : "in " + spoken_duration(seconds);
}

/// Without the texts of failures, which 'certo info' shows.
std::string state_text(const Row& row) {
  std::string text = name(row.state);
  if (row.is_test) text += " (test)";
  if (row.state == State::damaged) return text;
  if (row.failures > 0) text += " (" + std::to_string(row.failures) + ")";
  if (!row.because.empty()) text += ": " + printable(row.because, 200);
  if (!row.missing.empty()) text += ", without " + printable(row.missing, 200);
  if (row.is_pending) text += ", not installed";
  if (row.are_hooks_pending) text += ", hooks to run again";
  if (row.is_rekey_owed) text += ", old key not revoked";
  return text;
}

std::string_view colour_of(State state) {
  switch (state) {
    case State::damaged:
    case State::expired: return "31";
    case State::failing:
    case State::missing: return "33";
    case State::due: return "36";
    case State::valid: return "32";
  }
  return "";
}

// ---- which, and in which order ----

/// What the command line asks for.
class Wanted {
 public:
  explicit Wanted(const Args& args) : due_(args.has(flag::due)), failing_(args.has(flag::failing)) {}

  bool is_filter() const { return due_ || failing_; }
  bool has(const Snapshot& snapshot, Time now) const {
    return !is_filter() || (due_ && is_due(snapshot, now)) || (failing_ && is_failing(snapshot, now));
  }

 private:
  static bool is_due(const Snapshot& snapshot, Time now) {
    const State is = state(snapshot, now);
    return is == State::due || is == State::missing || is == State::expired ||
           (is == State::failing && snapshot.renew_at <= now);
  }
  static bool is_failing(const Snapshot& snapshot, Time now) {
    const State is = state(snapshot, now);
    return (is != State::due && is != State::valid) || snapshot.status.failures > 0 ||
           !snapshot.installation.empty() || snapshot.are_hooks_pending || !snapshot.status.missing.empty() ||
           snapshot.is_rekey_owed;
  }

  bool due_, failing_;
};

enum class Order { state, name, expiry };

Order order_of(const Args& args) {
  const std::string text = args.get(flag::sort, args.has(flag::json) ? "name" : "state");
  if (text == "state") return Order::state;
  if (text == "name") return Order::name;
  if (text == "expiry") return Order::expiry;
  throw Error(Exit::usage, "--sort: '" + text + "' is not an order", "one of: " + join(list_orders(), ", "));
}

/// The worst first.
int rank(State state) {
  switch (state) {
    case State::damaged: return 0;
    case State::expired: return 1;
    case State::missing: return 2;
    case State::failing: return 3;
    case State::due: return 4;
    case State::valid: return 5;
  }
  return 0;
}

/// `rows` are in the order of their names.
void sort(std::vector<Row>& rows, Order order) {
  if (order == Order::state) sort_stably(rows, {}, [](const Row& row) { return rank(row.state); });
  if (order == Order::expiry) sort_stably(rows, {}, &Row::not_after);
}

std::vector<std::string> asked_names(const Args& args, const store::Home& state) {
  if (args.words().empty()) return store::folders(state);
  std::vector<std::string> names;
  for (const std::string& word : args.words()) {
    names.push_back(store::certificate_name(word));
    if (!os::exists(store::Entry(state, names.back()).folder()))
      throw unknown_certificate(state, names.back());
  }
  std::ranges::sort(names, is_naturally_before);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// ---- output ----

/// "5 certificates: 1 failing, 4 valid"
std::string total(const std::vector<Row>& rows) {
  constexpr State all[] = {State::damaged, State::expired, State::missing,
                           State::failing, State::due,     State::valid};
  std::vector<std::string> parts;
  for (const State one : all)
    if (const auto count = std::ranges::count(rows, one, &Row::state); count > 0)
      parts.push_back(std::to_string(count) + " " + name(one));
  return std::to_string(rows.size()) + (rows.size() == 1 ? " certificate: " : " certificates: ") +
         join(parts, ", ");
}

void show_table(const std::vector<Row>& rows, Time now) {
  print_table({.titles = {"NAME", "FOR", "EXPIRES", "RENEWAL", "STATE"},
               .rows = rows.size(),
               .cells =
                   [&](size_t at) {
                     const Row& row = rows[at];
                     return std::vector<std::string>{row.name, row.names, distance(row.not_after, now),
                                                     distance(row.renew_at, now), state_text(row)};
                   },
               .narrowest = 1,
               .colour = [&](size_t at) { return colour_of(rows[at].state); }});
  print("\n" + total(rows) + "\n");
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
  if (!snapshot.status.missing.empty()) json.set("missing", to_json(snapshot.status.missing));
  if (!snapshot.status.last_error.empty()) json.set("last_error", printable(snapshot.status.last_error));
  if (snapshot.status.retry_at) json.set("retry_at", time_json(*snapshot.status.retry_at));
  json.set("installation_pending", !snapshot.installation.empty());
  json.set("hooks_pending", snapshot.are_hooks_pending);
  if (snapshot.is_rekey_owed) json.set("rekey_pending", true);
  if (!snapshot.damage.empty()) json.set("damage", printable(snapshot.damage));
  return json;
}

template <typename Act>
void each_snapshot(const store::Home& state, const std::vector<std::string>& names, const Act& act) {
  each_in_order<Snapshot>(
      names.size(), [&](size_t at) { return look(state, names[at], Look::quick); }, act);
}

/// Nothing renews a certificate without a readable request.
Exit code_of(const Snapshot& snapshot) { return snapshot.has_lost_request ? Exit::bad_input : Exit::ok; }

/// In the order of the names, each is printed as soon as it was read; otherwise it is read once more.
Exit show_json(const store::Home& state, const std::vector<std::string>& names, const Wanted& wanted,
               Time now) {
  Exit code = Exit::ok;
  JsonList list(Json(Json::Object{{"certo", "list/1"}}), "certificates");
  each_snapshot(state, names, [&](const Snapshot& snapshot) {
    if (!wanted.has(snapshot, now)) return;
    code = worst(code, code_of(snapshot));
    list.add(snapshot_json(snapshot, now));
  });
  list.end();
  return code;
}

/// Why a table has no rows.
void say_none(const store::Home& state, bool is_empty, const Args& args) {
  if (!is_empty) return log::say("no certificate is like that");
  log::say("there are no certificates in " + state.path());
  const bool has_chosen = args.has(flag::home) || !os::environment("CERTO_HOME").empty();
  if (!os::is_root() && !has_chosen && os::exists(store::system_home))
    log::hint(std::string("those of root are in ") + store::system_home + ": sudo certo list");
}

Exit show_names(const std::vector<std::string>& names) {
  Printer out;
  for (const std::string& name : names) out.add(name + "\n");
  out.end();
  return Exit::ok;
}

Exit run(const Args& args) {
  const store::Home state = home_to_read(args);
  const Wanted wanted(args);
  const Order order = order_of(args);
  const Time now = certo::now();
  if (args.has(flag::names) && args.words().empty() && !wanted.is_filter() && order != Order::expiry)
    return show_names(store::entries(state));

  std::vector<std::string> names = asked_names(args, state);
  if (args.has(flag::json) && order == Order::name) return show_json(state, names, wanted, now);
  const bool is_empty = names.empty();
  Exit code = Exit::ok;
  std::vector<Row> rows;
  each_snapshot(state, names, [&](const Snapshot& snapshot) {
    if (!wanted.has(snapshot, now)) return;
    code = worst(code, code_of(snapshot));
    rows.push_back(row_of(snapshot, now));
  });
  sort(rows, order);
  names.clear();
  for (const Row& row : rows) names.push_back(row.name);
  if (args.has(flag::json)) return show_json(state, names, wanted, now);
  if (args.has(flag::names)) return show_names(names);
  if (rows.empty())
    say_none(state, is_empty, args);
  else
    show_table(rows, now);
  return code;
}

}  // namespace

std::vector<std::string> list_orders() { return {"state", "name", "expiry"}; }

const Command list_command{
    .name = "list",
    .group = Group::porcelain,
    .summary = "list the certificates in the store",
    .word = {Value::certificate, "[NAME…]", 0, any_number},
    .output = "table or JSON",
    .options = {flag::due, flag::failing, flag::sort, flag::names},
    .examples = {"certo list", "certo list --failing", "certo list --sort expiry",
                 "certo list --json | jq -r '.certificates[] | select(.state != \"valid\").name'"},
    .description =
        R"(The states are valid, due, failing (a renewal failed, but the certificate is still valid), expired,
missing (there is none yet) and damaged. '(test)' marks a certificate from a test CA; a number in
brackets says how often in a row the renewal failed. 'certo info NAME' says why.

If the request.json of a certificate is missing or damaged, nothing renews it, and the exit code is 65.)",
    .run = run,
};

}  // namespace certo::commands
