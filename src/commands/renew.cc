// certo renew: renews each certificate that is due, independently of the others.
// Defines renew_command of commands/commands.h.

#include <algorithm>
#include <variant>

#include "base/failure.h"
#include "base/log.h"
#include "base/side_by_side.h"
#include "base/sort.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "commands/hook_options.h"
#include "commands/pass.h"
#include "console/table.h"
#include "renew/plan.h"
#include "renew/refresh.h"
#include "renew/slots.h"
#include "store/entry.h"

namespace certo::console::flag {

constexpr Option plan{"--plan", Value::none, nullptr, "show what will be renewed and when; change nothing"};
constexpr Option at{"--at", Value::text, "DATE", "with --plan: show the plan for this date"};

}  // namespace certo::console::flag

namespace certo::commands {

namespace {

void check_names(const store::Home& state, const std::vector<std::string>& asked) {
  for (const std::string& name : asked)
    if (!store::Entry(state, name).exists()) throw unknown_certificate(state, name);
}

/// "2026-12-01" or a time of RFC 3339.
Time time_of(const Args& args, const Option& option) {
  const std::string text = args.get(option);
  if (text.empty()) return now();
  const std::optional<Time> time = from_rfc3339(text.find('T') == text.npos ? text + "T00:00:00Z" : text);
  if (!time)
    throw Error(Exit::usage, long_flag(option) + ": '" + text + "' is not a date",
                "for example: 2026-12-01, or 2026-12-01T06:00:00Z");
  return *time;
}

const char* action(renew::Due due) {
  switch (due) {
    case renew::Due::now: return "renew";
    case renew::Due::later: return "wait";
    case renew::Due::held_back: return "hold";
  }
  return "";
}

Json step_json(const renew::Step& step) {
  Json json = Json::object();
  json.set("name", step.name).set("action", action(step.due)).set("at", rfc3339(step.at));
  return json.set("reason", printable(step.reason));
}

struct Foreseen {
  renew::Step step;
  Time not_after{};
};

/// Those that are due now wait for each other if the limits of their CA leave no room for all, as in a pass.
void spread_by_limits(const store::Home& state, std::vector<Foreseen>& all, Time at) {
  std::vector<Foreseen*> due;
  for (Foreseen& one : all)
    if (one.step.due == renew::Due::now) due.push_back(&one);
  sort_stably(due, renew::ends_before, &Foreseen::not_after);
  renew::Slots slots(state, at);
  for (Foreseen* const one : due) {
    const store::Entry entry(state, one->step.name);
    const auto shortage = slots.place(entry.request(), renew::foresee(entry, at));
    if (!shortage) continue;
    one->step.due = renew::Due::held_back;
    one->step.at = shortage->opens;
    one->step.reason += "; " + renew::sentence(*shortage);
  }
}

/// Shows what each future pass would do. Contacts no CA and writes nothing.
Exit show_plan(const Args& args, const store::Home& state, const std::vector<std::string>& names) {
  const Time at = time_of(args, flag::at);
  Exit code = Exit::ok;
  const auto foreseen = [&](size_t number) -> std::variant<Foreseen, Failure> {
    try {
      const store::Status status = renew::foresee(store::Entry(state, names[number]), at);
      return Foreseen{renew::plan(names[number], status, at), status.not_after};
    } catch (const Error& error) {
      return failure_of(error.within(names[number]));
    }
  };
  std::vector<Foreseen> all;
  each_in_order<std::variant<Foreseen, Failure>>(names.size(), foreseen, [&](auto one) {
    if (auto* const good = std::get_if<Foreseen>(&one)) return all.push_back(std::move(*good));
    const Failure& failure = std::get<Failure>(one);
    code = worst(code, failure.code);
    log::error(failure.error);
  });
  spread_by_limits(state, all, at);
  if (args.has(flag::json)) {
    JsonList list(Json(Json::Object{{"certo", "plan/1"}, {"at", rfc3339(at)}}), "certificates");
    for (const Foreseen& one : all) list.add(step_json(one.step));
    list.end();
    return code;
  }
  print_table({.titles = {"NAME", "ACTION", "WHEN", "WHY"},
               .rows = all.size(),
               .cells =
                   [&](size_t row) {
                     const renew::Step& step = all[row].step;
                     return std::vector<std::string>{step.name, action(step.due), rfc3339(step.at),
                                                     printable(step.reason, 200)};
                   },
               .narrowest = 3});
  return code;
}

/// Refuses options that this kind of run would ignore.
void refuse_useless(const Args& args) {
  if (args.says(flag::server) && !args.has(flag::dry_run))
    throw Error(Exit::usage, "renew: --server goes with --dry-run only",
                "a renewal keeps its CA and account; 'certo issue -d NAME …' changes them");
  if (args.has(flag::plan) && (args.has(flag::force) || args.has(flag::dry_run)))
    throw Error(Exit::usage, "renew: --plan shows what is due, so neither --force nor --dry-run goes with it",
                "leave one of them out");
}

Exit run_renew(const Args& args) {
  std::vector<std::string> asked;
  for (const std::string& word : args.words()) asked.push_back(store::certificate_name(word));
  if (!asked.empty() && args.has(flag::all))
    throw Error(Exit::usage, "names and --all together", "leave one of them out");
  // No names means all certificates that are due; for those that are not due, the user must say --all.
  if (asked.empty() && args.has(flag::force) && !args.has(flag::all))
    throw Error(Exit::usage, "--force for which certificates?",
                "give names ('certo list' shows them), or --all");
  const store::Home state = args.has(flag::plan) ? home_to_read(args) : home(args);
  check_names(state, asked);
  const std::vector<std::string> names = asked.empty() ? store::entries(state) : asked;
  if (names.empty()) log::say("there are no certificates in " + state.path());
  refuse_useless(args);
  if (args.has(flag::at) && !args.has(flag::plan)) throw Error(Exit::usage, "--at goes with --plan");
  if (args.has(flag::plan)) return show_plan(args, state, names);
  return pass(args, std::move(asked), PassReport::Audience::person).code;
}

}  // namespace

const Command renew_command{
    .name = "renew",
    .group = Group::porcelain,
    .summary = "renew what is due",
    .word = {Value::certificate, "[NAME…]", 0, any_number},
    .options = {flag::all, flag::force, flag::jobs, flag::dry_run, flag::plan, flag::at, flag::exit_2,
                flag::server.with_help(
                    "with --dry-run: the CA whose test server is used, or a test server's directory"),
                flag::agree_tos},
    .sets = {&hook_options, &notify_options, &validation_options, &connection_options},
    .defaults_only = {&registration_options},
    .examples = {"certo renew --all", "certo renew example.com", "certo renew --force example.com",
                 "certo renew --plan --at 2026-12-24", "certo renew --dry-run example.com"},
    .description =
        R"(The CA says when a certificate is due (RFC 9773). If it does not, the certificate is due when a third of
its lifetime is left. One failure does not stop the others.

Hooks that are given here are added to the hooks of each certificate that this run renews, and stay with
it. 'certo hooks remove' removes them.)",
    .run = run_renew,
};

}  // namespace certo::commands
