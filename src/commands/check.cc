// certo check: sees before the CA does what will fail.
// Defines check_command of commands/commands.h.
#include <algorithm>

#include "base/log.h"
#include "base/side_by_side.h"
#include "base/text.h"
#include "challenge/take_out.h"
#include "check/run.h"
#include "commands/asked.h"
#include "commands/check_ca.h"
#include "commands/check_rest.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/domains_file.h"
#include "commands/found_names.h"
#include "commands/terms.h"
#include "commands/ways.h"
#include "commands/web_edits.h"
#include "os/ports.h"
#include "renew/several.h"
#include "renew/slots.h"
#include "store/entry.h"
#include "store/test_certificate.h"

namespace certo::console::flag {

constexpr Option no_trial{"--no-present", Value::none, nullptr,
                          "add no DNS record and publish no token: only look"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

constexpr const char* as_in_issue = "as in 'certo issue'; not needed for a check";

constexpr Millis quick = Millis(9500);    // everything but the DNS record
constexpr Millis ca_within = Seconds(4);  // of it
constexpr Millis for_each_name = Millis(200);

struct Order {
  std::string certificate;
  store::Request request;
};

/// NAME is not in the store. A first issue that failed has left its order perhaps, which says for which names
/// it was. How they were to be proven is not stored.
Args as_first_order(const Args& args, const store::Home& state, const store::Entry& entry) {
  const char* const same = ", with the same options as 'certo issue'";
  const std::optional<acme::Document> order = entry.next_order();
  if (!order && entry.is_begun())
    throw Error(Exit::unknown_name,
                entry.name() + ": its first issue has not succeeded, and what it asked for is not stored",
                "certo check -d NAME …" + std::string(same));
  if (!order) {
    Error error = unknown_certificate(state, entry.name());
    const bool is_domain = entry.name().find('.') != std::string::npos;
    if (is_domain) error.hint += "; before the first issue: certo check -d " + entry.name() + same;
    throw error;
  }
  DomainsLine line{.alias = entry.name()};
  for (const crypto::Identifier& one : order->order.identifiers) line.names.push_back(one.value);
  Args rest = args;
  rest.take_words();
  if (!rest.says(flag::server) && !rest.says(flag::staging)) {
    for (const Option& option : server_options.options) rest.remove(option);
    rest.add(flag::server, order->directory);
  }
  log::say(entry.name() + ": its first issue has not succeeded; this is about the names of its order, " +
           join(line.names, ", "));
  return args_of(rest, line);
}

/// A stored certificate, or what 'certo issue' would request with these arguments.
Order order_of(const Args& args, const store::Home& state) {
  Args as_issue = args;
  as_issue.remove(flag::no_trial);  // to an issue it says that the records exist
  as_issue.add(flag::dry_run, "");  // nothing of a stored certificate changes
  if (args.words().empty()) {
    if (!args.has(flag::domain) && !args.has(flag::csr))
      throw Error(Exit::usage, "check: which names?",
                  "certo check -d NAME, or the name of a stored certificate");
    const Asked what = asked(as_issue);
    const store::Entry entry(state, entry_name(as_issue, what));
    return {entry.name(), wanted(as_issue, what, state, entry, IfNoWay::any)};
  }
  for (const Option& option : {flag::domain, flag::csr, flag::cert_name, flag::domains_file})
    if (args.has(option))
      throw Error(Exit::usage,
                  "check: give " + long_flag(option) + ", or the name of a stored certificate, not both");
  const store::Entry entry(state, store::certificate_name(args.words().front()));
  if (!entry.exists()) return order_of(as_first_order(args, state, entry), state);
  return {entry.name(), wanted(as_issue, {}, state, entry, IfNoWay::any)};
}

/// --resolver is for all queries of this command, whatever the method.
Args without_stray_resolver(const Args& args) {
  const Option resolver = console::option_of(store::row::resolver);
  const auto asks_dns = [&](const Option& option) { return args.has(option); };
  const bool has_owner = asks_dns(console::option_of(store::method_of(store::Dns{}).option)) ||
                         asks_dns(console::option_of(store::method_of(store::DnsPersist{}).option));
  Args rest = args;
  if (!has_owner) rest.remove(resolver);
  return rest;
}

/// What an order would have to wait for, as far as this machine knows.
check::Findings check_limits(const check::Scene& scene, bool is_forced) {
  const char* const what = "the CA's limits";
  try {
    const store::Status status = store::Entry(scene.home, scene.certificate).status();
    if (const auto missing = renew::Slots(scene.home, now()).place(scene.request, status)) {
      const Error error = renew::describe(*missing);
      if (!is_forced) return {check::failing(scene.certificate, what, error)};
      return {check::warning(scene.certificate, what, error.message + "; --force orders all the same", "")};
    }
    return {
        check::good(scene.certificate, what, "there is room for the order, as far as this machine knows")};
  } catch (const Error& error) {
    return {check::failing(scene.certificate, what, error)};
  }
}

/// What each CA says itself, and its limits.
check::Findings ask_cas(const Args& args, check::Scenes& scenes) {
  std::vector<check::Findings> found(scenes.size());
  side_by_side(scenes.size(), scenes.size(), [&](size_t at) {
    check::Scene& scene = scenes[at];
    found[at] = check_limits(scene, args.has(flag::force));
    check::append(found[at], check_ca(args, scene, ca_within));
  });
  check::Findings all;
  for (size_t at = 0; at < scenes.size(); ++at)
    check::append(all, check::of_ca(scenes.size() > 1 ? scenes[at].ca.title : "", std::move(found[at])));
  return all;
}

check::Findings check_order(const Args& args, const store::Home& state, const Order& order) {
  const size_t names = order.request.identifiers.size();
  const Deadline deadline(quick + for_each_name * static_cast<int>(std::min<size_t>(names, 100) - 1));
  const auto tries = args.has(flag::no_trial) ? check::Tries::nothing : check::Tries::tokens_and_records;
  check::Scenes scenes = scenes_of(args, state, order.certificate, order.request, tries, deadline);
  for (check::Scene& scene : scenes) scene.resolvers = args.all(console::option_of(store::row::resolver));
  check::Findings findings;
  try {
    renew::require_same_kind(state, store::directories(order.request));
    store::keep_apart(state, store::Entry(state, order.certificate), order.request.directory);
  } catch (const Error& error) {
    findings.push_back(check::failing(order.certificate, "the store", error));
  }
  check::append(findings, ask_cas(args, scenes));
  check::append(findings, check::check_all(scenes));
  check::weigh(findings, titles(scenes));
  check::append(findings, check_rest(args, state, store::Entry(state, order.certificate), order.request));
  return findings;
}

std::string counted_levels(const check::Findings& findings) {
  const auto count = [&](check::Level level) {
    return static_cast<size_t>(std::ranges::count(findings, level, &check::Finding::level));
  };
  const size_t fails = count(check::Level::will_fail), warnings = count(check::Level::warning);
  const std::string of_warnings =
      warnings == 0 ? "" : ", " + std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
  if (fails == 0) return "nothing was found that will fail" + of_warnings;
  return std::to_string(fails) + (fails == 1 ? " thing" : " things") + " will fail" + of_warnings;
}

void report_findings(const Args& args, const std::string& certificate, const check::Findings& findings) {
  if (args.has(flag::json)) {
    Json list = Json::array();
    for (const check::Finding& finding : findings) list.push(check::to_json(finding));
    Json json = Json::object();
    json.set("certo", "check/1").set("name", certificate);
    json.set("code", static_cast<int>(check::exit_of(findings))).set("findings", std::move(list));
    return print_json(json);
  }
  for (const check::Finding& finding : findings)
    for (const std::string& line : check::lines(finding)) print(line + "\n");
  print(counted_levels(findings) + "\n");
}

Exit run_one(const Args& given) {
  const Args args = without_stray_resolver(given);
  const store::Home state = home(args);
  std::string certificate;
  check::Findings findings;
  try {
    const Order order = order_of(args, state);
    certificate = order.certificate;
    const challenge::Sweep sweep(state, [&] { return solver_settings(args); });
    findings = check_order(given, state, order);
  } catch (const Error& error) {
    // Wrong use of this command is not a finding; what 'certo issue' would refuse is one.
    if (error.code != Exit::usage || !(args.has(flag::domain) || args.has(flag::csr))) throw;
    const std::string subject = args.has(flag::domain) ? join(args.all(flag::domain), ", ") : "the CSR";
    findings = {check::failing(subject, "the request", error)};
    if (error.hint.empty()) findings.front().to_do = "correct it: 'certo issue' refuses it, too";
  }
  report_findings(args, certificate, findings);
  return check::exit_of(findings);
}

/// --domains-file: each line is a certificate.
std::string name_of(const Args& args) { return entry_name(args, asked(args)); }

Exit run(const Args& args) {
  say_unneeded(args);
  if (!args.has(flag::domains_file)) return run_one(args);
  return issue_lines(args, {.check = name_of, .run = run_one});
}

}  // namespace

const Command check_command{
    .name = "check",
    .group = Group::porcelain,
    .summary = "see what will fail before the CA does, and why it failed",
    .word = {Value::name, "[NAME]", 0, 1},
    .output = "text or JSON",
    .options = {flag::domain, flag::cert_name, flag::csr, flag::domains_file, flag::profile,
                flag::preferred_profile, flag::no_trial,
                // All others of 'certo issue', so that its line works here.
                flag::key_type.with_help(as_in_issue, rare), flag::not_before.with_help(as_in_issue, rare),
                flag::not_after.with_help(as_in_issue, rare),
                flag::preferred_chain.with_help(as_in_issue, rare),
                flag::must_staple.with_help(as_in_issue, rare),
                flag::no_must_staple.with_help(as_in_issue, rare),
                flag::no_allow_subset.with_help(as_in_issue, rare),
                flag::reuse_key.with_help(as_in_issue, rare), flag::new_key.with_help(as_in_issue, rare),
                flag::allow_subset.with_help(as_in_issue, rare),
                flag::deactivate_authorizations.with_help(as_in_issue, rare),
                flag::keep_authorizations.with_help(as_in_issue, rare),
                flag::force.with_help("a limit that certo knows is a warning only", rare),
                flag::yes.with_help(as_in_issue, rare), flag::all_vhosts.with_help(as_in_issue, rare),
                flag::dry_run.with_help(as_in_issue, rare), flag::exit_2.with_help(as_in_issue, rare)},
    .sets = {&way_options, &flag::web_server_options, &renewal_options, &hook_options, &target_options,
             &validation_options, &server_options, &connection_options, &account_options,
             &registration_options},
    .examples = {"certo check www.example.com   # a stored certificate",
                 "certo check -d example.com -d www.example.com --webroot /var/www/html",
                 "certo check -d example.com -d '*.example.com' --dns cloudflare",
                 "certo check -d example.com   # DNS, CAA and the account only",
                 "certo check -d example.com --dns cloudflare --no-present --json"},
    .description =
        R"(Give the same names and options as to 'certo issue', before or after it. Nothing is ordered, installed or
run. Options that say nothing of the proof are taken, too: targets, --reloadcmd and hooks are checked as
'certo issue' checks them, and one line names the options that do not matter here.

certo looks at the name servers, DNSSEC, CAA records, addresses, the account, the limits of the CA, the clock and the state
folder. With --webroot, --standalone or --alpn it publishes a token and fetches it from each address, as
the CA will. With --dns it adds a record, waits until it is seen, and removes it. --no-present leaves both
out.

Each line is 'ok', 'warning', or 'will fail', with what to do. What depends on the place in the network
(NAT, another view of DNS, no IPv6 here) is a warning: certo cannot see what the CA sees. DNSSEC signatures
are not verified; dates and keys are compared.

The exit code is 0, or that of the failure that 'certo issue' would have.)",
    .run = run,
};

}  // namespace certo::commands
