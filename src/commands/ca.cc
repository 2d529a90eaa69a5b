// certo ca: the CAs that certo knows, and what the directory of one offers.
// Defines ca_command of commands/commands.h.
#include <algorithm>

#include "acme/types.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "console/layout.h"
#include "console/table.h"
#include "renew/external_account.h"
#include "store/account_list.h"
#include "store/seen.h"
#include "store/servers.h"

namespace certo::commands {
namespace {

/// The CA of a word or of --server; "" if neither is typed.
std::string chosen(const Args& args) {
  const std::string word = args.words().empty() ? "" : args.words().front();
  if (!word.empty() && args.says(flag::server))
    throw Error(Exit::usage, "ca: the CA is named twice", "omit --server");
  if (!word.empty()) return word;
  return args.says(flag::server) || args.says(flag::staging) ? args.get(flag::server) : "";
}

// ---- all CAs ----

struct Listed {
  store::Server server;
  bool is_test, is_default;
};

std::vector<Listed> all_cas(const Args& args, const store::Home& state) {
  const std::vector<std::string> defaults = directory_urls(args);
  std::vector<Listed> all;
  for (store::Server& server : store::servers(state)) {
    const bool is_test = store::is_test_directory(state, server.directory);
    const bool is_default = std::ranges::find(defaults, server.directory) != defaults.end();
    all.push_back({std::move(server), is_test, is_default});
  }
  return all;
}

std::string remarks(const Listed& ca) {
  std::vector<std::string> parts;
  if (ca.is_default) parts.emplace_back("default");
  if (ca.is_test) parts.emplace_back("test");
  if (ca.server.external_account)
    parts.emplace_back(ca.server.eab_by_email.empty() ? "external account" : "external account, by --email");
  if (!ca.server.ended.empty()) parts.push_back("ended: " + ca.server.ended);
  return join(parts, "; ");
}

void show_all(const std::vector<Listed>& all) {
  print_table({.titles = {"NAME", "CA", "REMARKS"},
               .rows = all.size(),
               .cells =
                   [&](size_t at) {
                     const store::Server& server = all[at].server;
                     return std::vector<std::string>{printable(server.name), printable(server.title),
                                                     printable(remarks(all[at]))};
                   },
               .narrowest = 2});
}

Json listed_json(const Listed& ca) {
  const store::Server& server = ca.server;
  Json json = Json::object();
  json.set("name", server.name).set("title", server.title).set("aliases", to_json(server.aliases));
  json.set("directory", server.directory);
  json.set("test_server", server.staging.empty() ? Json() : Json(server.staging));
  json.set("test", ca.is_test).set("default", ca.is_default);
  json.set("external_account", server.external_account);
  return json.set("ended", server.ended.empty() ? Json() : Json(server.ended));
}

Exit list(const Args& args, const store::Home& state) {
  const std::vector<Listed> all = all_cas(args, state);
  if (!args.has(flag::json)) {
    show_all(all);
    return Exit::ok;
  }
  JsonList items(Json(Json::Object{{"certo", "cas/1"}}), "cas");
  for (const Listed& one : all) items.add(listed_json(one));
  items.end();
  return Exit::ok;
}

// ---- one CA ----

struct Offer {
  acme::Directory directory;
  std::optional<store::Server> server;
  std::vector<std::string> accounts, challenge_types;
  bool is_test = false;
};

Offer offer_of(const Args& args, const store::Home& state, const std::string& url) {
  renew::Session session(state, session_settings(args, url));
  Offer offer{.directory = session.bare_client().directory(),
              .server = {},
              .accounts = {},
              .challenge_types = store::seen_challenge_types(state, url),
              .is_test = store::is_test_directory(state, url)};
  for (const store::Server& server : store::servers(state))
    if (server.directory == url && !offer.server) offer.server = server;
  for (const store::StoredAccount& one : store::accounts(state))
    if (one.directory == url) offer.accounts.push_back(one.name);
  return offer;
}

std::string external_account_text(const Offer& offer) {
  if (!offer.directory.external_account_required) return "not required";
  return "required: " + renew::external_account_hint(offer.server ? &*offer.server : nullptr);
}

void show(const Offer& offer) {
  const acme::Directory& directory = offer.directory;
  const auto yes_no = [](bool is_there) { return is_there ? "yes" : "no"; };
  Rows rows = {{"CA", offer.server ? offer.server->title + " (" + offer.server->name + ")" : ""},
               {"directory", directory.url.text},
               {"test", offer.is_test ? "it is a test CA: nobody trusts its certificates" : ""},
               {"its test server", offer.server && !offer.is_test ? offer.server->staging : ""},
               {"website", directory.website},
               {"terms of service", directory.terms_of_service},
               {"external account", external_account_text(offer)},
               {"renewal information", yes_no(directory.renewal_info.has_value())},
               {"key change", yes_no(directory.key_change.has_value())},
               {"revocation", yes_no(directory.revoke_cert.has_value())},
               {"CAA records", join(directory.caa_identities, ", ")}};
  for (const auto& [name, description] : directory.profiles)
    rows.push_back({"profile", name + (description.empty() ? "" : ": " + description)});
  if (directory.profiles.empty()) rows.push_back({"profiles", "none"});
  rows.push_back({"challenge types seen", join(offer.challenge_types, ", ")});
  rows.push_back({"your accounts", join(offer.accounts, ", ")});
  if (offer.server && !offer.server->ended.empty()) rows.push_back({"ended", offer.server->ended});
  std::erase_if(rows, [](const auto& row) { return row[1].empty(); });
  for (auto& row : rows) row[1] = printable(row[1], 4096);
  print(columns(rows));
}

Json offer_json(const Offer& offer) {
  const acme::Directory& directory = offer.directory;
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  Json::Object profiles;
  for (const auto& [name, description] : directory.profiles) profiles.emplace_back(name, description);
  Json json = Json::object();
  json.set("certo", "ca/1").set("name", offer.server ? Json(offer.server->name) : Json());
  json.set("title", offer.server ? Json(offer.server->title) : Json());
  json.set("directory", directory.url.text).set("test", offer.is_test);
  json.set("website", text(directory.website)).set("terms_of_service", text(directory.terms_of_service));
  json.set("external_account_required", directory.external_account_required);
  json.set("renewal_information", directory.renewal_info.has_value());
  json.set("key_change", directory.key_change.has_value());
  json.set("revocation", directory.revoke_cert.has_value());
  json.set("caa_identities", to_json(directory.caa_identities)).set("profiles", std::move(profiles));
  json.set("challenge_types_seen", to_json(offer.challenge_types));
  return json.set("accounts", to_json(offer.accounts));
}

Exit run(const Args& args) {
  const store::Home state = home(args);
  const std::string name = chosen(args);
  if (name.empty() && !args.says(flag::staging)) return list(args, state);
  Args one = args;
  if (!name.empty()) {
    one.remove(flag::server);
    one.add(flag::server, name);
  }
  const Offer offer = offer_of(args, state, directory_url(one));
  if (args.has(flag::json))
    print_json(offer_json(offer));
  else
    show(offer);
  return Exit::ok;
}

}  // namespace

const Command ca_command{
    .name = "ca",
    .group = Group::other,
    .summary = "list the CAs that certo knows, or show what one offers",
    .word = {Value::server, "[NAME|URL]", 0, 1},
    .output = "text or JSON",
    .sets = {&server_options, &connection_options},
    .examples = {"certo ca", "certo ca letsencrypt", "certo ca https://ca.example/acme/directory",
                 "certo ca zerossl --json | jq .profiles"},
    .description =
        R"(With a CA, certo reads its directory and shows the profiles, the terms of service, whether it wants an
external account, and which challenge types it offered in earlier orders. No account is needed.

servers.json in the state folder adds CAs of your own: 'certo help accounts'.)",
    .run = run,
};

}  // namespace certo::commands
