// certo limits: what is left of a CA's limits, as far as this machine knows.
// Defines limits_command of commands/commands.h.
#include "commands/limits.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "console/table.h"
#include "renew/limits.h"
#include "store/account.h"
#include "store/ledger.h"
#include "store/servers.h"

namespace certo::commands {
namespace {

using acme::Limited;

struct Shown {
  std::string directory, account_name;
  Time at{};
  std::string account{};  // its URL, "" if there is none yet
  std::vector<renew::Left> limits{};
};

/// All of the CA: those of the account, those that were used lately, and one row for each kind that was not.
std::vector<renew::Token> all_tokens(const renew::Limits& limits, const store::Ledger& ledger,
                                     const std::string& account) {
  std::vector<renew::Token> tokens{{{Limited::account, account, ""}}, {{Limited::address, "", ""}}};
  for (const Limited kind : {Limited::domain, Limited::identifier_set, Limited::identifier}) {
    const size_t before = tokens.size();
    for (const auto& [bucket, full] : ledger.all())
      if (bucket.kind == kind && (bucket.account.empty() || bucket.account == account))
        tokens.push_back({bucket});
    if (tokens.size() == before && renew::rule_of(limits, kind).span != Seconds(0))
      tokens.push_back({{kind, "", ""}});
  }
  return tokens;
}

/// What the CA has answered counts, too.
void close_gates(Shown& shown, const store::AccountFolder& folder) {
  using Gated = store::AccountFolder::Gated;
  for (const auto& [kind, request] :
       {std::pair{Limited::account, Gated::new_order}, std::pair{Limited::address, Gated::new_account}}) {
    const auto gate = folder.gate(request, shown.at);
    if (!gate) continue;
    auto row = std::ranges::find(shown.limits, kind, [](const auto& left) { return left.bucket.kind; });
    if (row == shown.limits.end())
      row = shown.limits.insert(row, {.rule = {.kind = kind}, .bucket = {.kind = kind}});
    row->tokens = 0;
    row->next = std::max(row->next, gate->until);
  }
}

Shown shown_for(const Args& args) {
  const store::Home state = home_to_read(args);
  Shown shown{
      .directory = directory_url(args), .account_name = args.get(flag::account, "default"), .at = now()};
  const store::AccountFolder folder(state, shown.directory, shown.account_name);
  if (const auto account = folder.account()) shown.account = account->url;
  const renew::Limits limits = store::limits_of(state, shown.directory);
  const store::Ledger ledger = store::read_ledger(state, shown.directory, shown.at);
  const std::vector<renew::Token> tokens =
      args.has(flag::domain)
          ? renew::tokens_of({.identifiers = names_in(args.all(flag::domain)), .account = shown.account})
          : all_tokens(limits, ledger, shown.account);
  shown.limits = renew::left_of(limits, ledger, tokens, shown.at);
  close_gates(shown, folder);
  return shown;
}

std::string subject(const Shown& shown, const store::Bucket& bucket) {
  switch (bucket.kind) {
    case Limited::account: return "account " + shown.account_name;
    case Limited::address: return "this address";
    case Limited::identifier_set: return bucket.of.empty() ? "any names" : bucket.of;
    case Limited::domain: return bucket.of.empty() ? "any domain" : bucket.of;
    default: return bucket.of.empty() ? "any name" : bucket.of;
  }
}

void show(const Shown& shown) {
  if (shown.limits.empty()) return log::say("certo knows no limits of " + shown.directory);
  print_table({.titles = {"LIMIT", "FOR", "AT MOST LEFT", "NEXT"},
               .rows = shown.limits.size(),
               .cells =
                   [&](size_t at) {
                     const renew::Left& left = shown.limits[at];
                     return std::vector<std::string>{
                         sentence(left.rule), printable(subject(shown, left.bucket), 200),
                         std::to_string(left.tokens), left.next <= shown.at ? "now" : rfc3339(left.next)};
                   },
               .narrowest = 1});
  log::say("this is what this machine knows of " + shown.directory +
           "; other machines may have used the same limits");
}

Json limit_json(const Shown& shown, const renew::Left& left) {
  const bool is_published = left.rule.span != Seconds(0);
  Json json = Json::object();
  json.set("limit", store::name_of(left.rule.kind));
  json.set("of", left.bucket.of.empty() ? Json() : Json(printable(left.bucket.of, 400)));
  json.set("count", is_published ? Json(left.rule.count) : Json());
  json.set("span", is_published ? Json(int64_t{left.rule.span.count()}) : Json());
  json.set("left", left.tokens);
  return json.set("next", rfc3339(std::max(left.next, shown.at)));
}

Exit run(const Args& args) {
  const Shown shown = shown_for(args);
  if (!args.has(flag::json)) {
    show(shown);
    return Exit::ok;
  }
  Json list = Json::array();
  for (const renew::Left& left : shown.limits) list.push(limit_json(shown, left));
  Json json = Json::object();
  json.set("certo", "limits/1").set("directory", shown.directory).set("at", rfc3339(shown.at));
  json.set("account", shown.account.empty() ? Json() : Json(shown.account));
  print_json(json.set("limits", std::move(list)));
  return Exit::ok;
}

}  // namespace

std::string sentence(const store::LimitRule& rule) {
  const auto what = [&] {
    switch (rule.kind) {
      case Limited::account: return "new orders";
      case Limited::address: return "new accounts";
      case Limited::identifier_set: return "certificates for the same names";
      case Limited::domain: return "certificates of a domain";
      default: return "failed validations of a name";
    }
  };
  if (rule.span == Seconds(0)) return what();
  return std::string(what()) + ": " + std::to_string(rule.count) + " in " +
         spoken_duration(rule.span.count());
}

const Command limits_command{
    .name = "limits",
    .group = Group::porcelain,
    .summary = "show how many orders and certificates the CA's limits leave",
    .output = "table or JSON",
    .options = {flag::domain.with_help("show the limits of an order for these names"), flag::account},
    .sets = {&server_options},
    .examples = {"certo limits", "certo limits -d example.com -d www.example.com",
                 "certo limits --server letsencrypt-staging --json"},
    .description =
        R"(A CA limits how many certificates, orders, failed validations and accounts it takes in a time. certo counts
its own requests, and believes the CA when it refuses one. It contacts nobody for this command. Other
machines may have used the same limits, so a number is the most that can be left. An order that would
break a limit is not sent: certo ends with 75 and says when it is possible. --force sends it. Renewals in
the window that the CA suggests need nothing of the limits.

certo knows the limits of Let's Encrypt. Those of another CA can be given in servers.json of the state
folder: 'certo help accounts'.)",
    .run = run,
};

}  // namespace certo::commands
