// certo persist: the TXT records of dns-persist-01, which allow an account to get certificates.
// Defines persist_command of commands/commands.h.
#include "challenge/dns_persist.h"

#include <algorithm>

#include "acme/order.h"
#include "base/log.h"
#include "base/text.h"
#include "base/txt_strings.h"
#include "challenge/manual.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/ways.h"
#include "commands/which_service.h"
#include "store/entry.h"
#include "store/find.h"
#include "store/persist_offer.h"

namespace certo::console::flag {

constexpr Option wildcard{"--wildcard", Value::none, nullptr,
                          "the record allows *.NAME, too; the same as -d '*.NAME'"};
constexpr Option until{"--until", Value::text, "DATE",
                       "the CA accepts the record until then: 2027-12-31, or 365d from now"};
constexpr Option issuer{"--issuer", Value::text, "DOMAIN", "which of the CA's names is in the record", rare};
constexpr Option remove_record{"--remove", Value::none, nullptr, "with --dns: remove the account's record"};

}  // namespace certo::console::flag

namespace certo::commands {
namespace {

using acme::PersistOffer;
using acme::PersistRecord;

struct Line {
  DnsRecord record;
  PersistRecord content;
};

Error bad_date(const std::string& text) {
  return Error(Exit::usage, "--until: '" + text + "' is not a date in the future",
               "for example 2027-12-31, 2027-12-31T12:00:00Z or 365d");
}

/// The end of a day if no time is given.
std::optional<Time> end_of(const Args& args, Time now) {
  const std::optional<std::string> text = args.find(flag::until);
  if (!text) return {};
  std::optional<Time> until;
  if (text->ends_with('d')) {
    const auto days = number(std::string_view(*text).substr(0, text->size() - 1), 1, 36500);
    if (days) until = now + std::chrono::hours(24 * *days);
  } else {
    until = from_rfc3339(text->size() == 10 ? *text + "T23:59:59Z" : *text);
  }
  if (!until || *until <= now) throw bad_date(*text);
  return until;
}

/// Each name once; true if its record is for the wildcard, too.
std::vector<std::pair<std::string, bool>> wanted_names(const Args& args) {
  std::vector<std::pair<std::string, bool>> wanted;
  for (const crypto::Identifier& one : names(args)) {
    if (one.type != "dns")
      throw Error(Exit::usage, one.value + " is an address, which has no TXT record",
                  "use " + store::options_for({one}));
    const bool is_wildcard = one.is_wildcard() || args.has(flag::wildcard);
    const auto known = std::ranges::find(wanted, one.base(), &std::pair<std::string, bool>::first);
    if (known == wanted.end())
      wanted.emplace_back(one.base(), is_wildcard);
    else
      known->second = known->second || is_wildcard;
  }
  if (wanted.empty()) throw Error(Exit::usage, "persist: -d NAME is missing", "certo persist -d example.com");
  return wanted;
}

/// The service that holds the records; nothing if a person adds them.
std::optional<store::Dns> service(const Args& args) {
  std::optional<store::Ways> chosen = ways(args);
  if (!chosen) return {};
  choose_services(args, *chosen, names(args));
  const auto* const dns = std::get_if<store::Dns>(&chosen->usual);
  if (!dns || !chosen->others.empty() || dns->provider == challenge::manual || !dns->aliases.empty() ||
      dns->is_per_account)
    throw Error(Exit::usage, "persist: a DNS service publishes the record, by one --dns PROVIDER",
                "without --dns, certo prints the record, and you add it");
  return *dns;
}

/// The CA and the account: the given ones, or those of the stored certificate for the name.
renew::SessionSettings settings_for(const Args& args, const store::Home& state, const std::string& name) {
  renew::SessionSettings settings = session_settings(args, directory_url(args));
  const bool is_named = args.says(flag::server) || args.says(flag::staging) || args.says(flag::account) ||
                        args.says(flag::account_key);
  if (is_named) return settings;
  const auto entry = store::find_entry(
      state, store::mentioning(state, {name}), [&](const std::string&, const store::Request& request) {
        return std::ranges::any_of(request.identifiers, [&](const auto& one) { return one.base() == name; });
      });
  if (entry) settings.use(store::Entry(state, *entry).request());
  return settings;
}

Error not_offered(const acme::Authorization& authorization) {
  std::vector<std::string> types;
  for (const acme::Challenge& challenge : authorization.challenges) types.push_back(challenge.type);
  return Error(Exit::config,
               "the CA offers " + (types.empty() ? "no challenge" : join(types, ", ")) + " for " +
                   authorization.identifier.value + ", and not " + acme::persist_type,
               "use another method: " + store::options_for({authorization.identifier}));
}

/// What the CA accepts, from the challenges of an order that is given up again: nothing else tells whether it
/// offers the method at all.
PersistOffer ask_ca(renew::Session& session, const std::string& name) {
  acme::Client& client = session.client();
  renew::OrderUse use{.identifiers = {{"dns", name}}, .account = client.account(), .is_given_up = true};
  acme::Order order = renew::counted_order(
      session, client, {.identifiers = use.identifiers, .profile = {}, .replaces = {}}, use);
  acme::read_authorizations(client, order);
  acme::deactivate_authorizations(client, order, acme::AuthorizationStatus::pending);
  const acme::Authorization& authorization = order.authorizations.at(0);
  const auto challenge =
      std::ranges::find(authorization.challenges, acme::persist_type, &acme::Challenge::type);
  PersistOffer offer;
  if (challenge != authorization.challenges.end()) {
    offer = challenge->persist;
    if (offer.issuers.empty())
      throw Error(Exit::protocol,
                  std::string("the CA's challenge does not name the CA as ") + acme::persist_format + " says",
                  "the CA may have a newer version of this method: upgrade certo");
  } else if (authorization.status != acme::AuthorizationStatus::valid) {
    throw not_offered(authorization);
  } else {  // proven by another challenge, so that this one is no longer listed
    offer = store::persist_offer(session.folder());
    if (offer.issuers.empty()) offer.issuers = client.directory().caa_identities;
  }
  if (!acme::is_account_uri(client.account()))
    throw Error(Exit::protocol, "the account's URL cannot be in a record: " + client.account());
  offer.account_uris.push_back(client.account());
  return offer;
}

std::string chosen_issuer(const Args& args, const PersistOffer& offer) {
  const std::string wanted = lower(args.get(flag::issuer));
  if (wanted.empty() && offer.issuers.empty())
    throw Error(Exit::config, "the CA does not say which domain name is in the record",
                "give it with --issuer DOMAIN");
  if (wanted.empty()) return offer.issuers.front();
  if (offer.issuers.empty() || std::ranges::find(offer.issuers, wanted) != offer.issuers.end()) return wanted;
  throw Error(Exit::usage, "--issuer: '" + wanted + "' is not a name of this CA",
              "use one of: " + join(offer.issuers, ", "));
}

Json line_json(const Line& line) {
  Json strings = Json::array();
  for (const std::string& text : txt_strings(line.record.value)) strings.push(text);
  Json json = Json::object();
  json.set("name", line.record.name).set("type", "TXT").set("value", line.record.value);
  json.set("strings", std::move(strings)).set("issuer", line.content.issuer);
  json.set("accounturi", line.content.account_uri);
  json.set("policy", line.content.allows_wildcard ? Json("wildcard") : Json());
  return json.set("persist_until", line.content.until ? Json(rfc3339(*line.content.until)) : Json());
}

void report(const Args& args, const std::vector<Line>& lines, bool is_published) {
  if (args.has(flag::json)) {
    Json records = Json::array();
    for (const Line& line : lines) records.push(line_json(line));
    return print_json(Json(Json::Object{{"certo", "persist/1"},
                                        {"draft", acme::persist_format},
                                        {"published", is_published},
                                        {"records", std::move(records)}}));
  }
  if (!is_published)
    log::say(std::string("add ") + (lines.size() == 1 ? "this record" : "these records") +
             ", which must stay there for renewals:");
  for (const Line& line : lines) {
    if (is_published) log::say(line.record.name + ": published");
    print(acme::zone_line(line.record) + "\n");
  }
}

Exit remove(const Args& args, const store::Home& state, const renew::SessionSettings& settings,
            const std::optional<store::Dns>& dns) {
  if (!dns)
    throw Error(Exit::usage, "persist: --remove needs --dns PROVIDER, which holds the record",
                "without --dns, remove the record yourself: the CA accepts it until then");
  if (args.has(flag::until) || args.has(flag::issuer))
    throw Error(Exit::usage, "persist: --remove removes the account's record, whatever it says",
                "omit --until and --issuer");
  const store::AccountFolder account(state, settings.directory, settings.account);
  PersistOffer offer = store::persist_offer(account);
  if (const auto known = account.account()) offer.account_uris.push_back(known->url);
  if (offer.account_uris.empty())
    throw Error(Exit::config, "there is no account at " + settings.directory + " in the store",
                "choose the CA with --server, and the account with --account NAME");
  std::vector<std::string> places;
  for (const auto& [name, is_wildcard] : wanted_names(args)) places.push_back(acme::persist_name(name));
  const std::vector<DnsRecord> removed =
      challenge::remove_persistent(state, *dns, solver_settings(args), places, offer);
  for (const DnsRecord& record : removed) log::say(acme::zone_line(record) + ": removed");
  if (removed.empty()) log::say("there is no record of this account at " + join(places, ", "));
  return Exit::ok;
}

Exit run(const Args& args) {
  const auto wanted = wanted_names(args);
  const std::optional<Time> until = end_of(args, now());
  const std::optional<store::Dns> dns = service(args);
  const store::Home state = home(args);
  state.prepare();
  const renew::SessionSettings settings = settings_for(args, state, wanted.front().first);
  if (args.has(flag::remove_record)) return remove(args, state, settings, dns);

  renew::Session session(state, settings);
  const PersistOffer offer = ask_ca(session, wanted.front().first);
  store::save(session.folder(), offer);
  const std::string issuer = chosen_issuer(args, offer);
  std::vector<Line> lines;
  std::vector<DnsRecord> records;
  for (const auto& [name, is_wildcard] : wanted) {
    const PersistRecord content{issuer, offer.account_uris.front(), is_wildcard, until};
    records.push_back({acme::persist_name(name), to_text(content)});
    lines.push_back({records.back(), content});
  }
  if (dns) challenge::publish_persistent(state, *dns, solver_settings(args), records, offer);
  report(args, lines, dns.has_value());
  return Exit::ok;
}

}  // namespace

const Command persist_command{
    .name = "persist",
    .group = Group::porcelain,
    .summary = "print or publish the DNS record of --dns-persist, which stays",
    .output = "lines of a zone file, or JSON",
    .options = {flag::domain, flag::wildcard, flag::until, flag::remove_record, flag::issuer},
    .sets = {&way_options, &server_options, &connection_options, &account_options, &registration_options},
    .examples = {"certo persist -d example.com --wildcard", "certo persist -d example.com --until 2027-12-31",
                 "certo persist -d example.com --dns cloudflare   # publish it",
                 "certo issue -d example.com --dns-persist   # from now on without any credential",
                 "certo persist -d example.com --dns cloudflare --remove"},
    .description =
        R"(The record allows the account to get certificates for the name, for as long as it is there: guard the
account's key. It is at _validation-persist.NAME, and names the CA and the account; other accounts and CAs need
records of their own, which may be at the same name. certo opens an order to learn what the CA accepts,
and gives it up again.

With --dns, certo adds the record, waits until it is visible, and removes older records of this
account. Nothing removes the record later but --remove.

The method is a draft, draft-ietf-acme-dns-persist-01, and few CAs offer it.)",
    .run = run,
};

}  // namespace certo::commands
