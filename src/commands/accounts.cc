#include "commands/accounts.h"

#include <algorithm>

#include "acme/account.h"
#include "acme/order.h"
#include "base/log.h"
#include "base/text.h"
#include "commands/context.h"
#include "commands/describe.h"
#include "console/table.h"
#include "renew/account_keys.h"
#include "store/account_list.h"
#include "store/entry.h"
#include "store/servers.h"

namespace certo::commands {
namespace {

/// Options for a new account mean nothing to these commands.
void refuse_registration(const Args& args, const char* command) {
  for (const Option& option : registration_rows)
    if (args.says(option))
      throw Error(
          Exit::usage,
          std::string("account ") + command + ": " + std::string(option.name()) + " is for a new account",
          "omit it");
}

// ---- list ----

struct Listed {
  store::StoredAccount stored;
  std::string ca;        // the short name of the CA, or the URL of its directory
  std::string key_type;  // "" if the key cannot be read
  std::vector<std::string> certificates;
};

std::string key_type_of(const store::Home& state, const store::StoredAccount& stored) {
  try {
    const auto key = store::AccountFolder(state, stored.directory, stored.name).key();
    return key ? std::string(crypto::name(key->public_key().type)) : "";
  } catch (const Error& error) {
    log::warn(error.message);
    return {};
  }
}

/// The certificates that are renewed by this account.
std::vector<std::string> certificates_of(const store::Home& state, const store::StoredAccount& stored) {
  std::vector<std::string> names;
  store::find_entry(state, [&](const std::string& name, const store::Request& request) {
    const std::vector<std::string> all = store::directories(request);
    const bool is_its = request.account == stored.name && request.account_key.empty() &&
                        std::ranges::find(all, stored.directory) != all.end();
    if (is_its) names.push_back(name);
    return false;
  });
  return names;
}

std::vector<Listed> listed(const Args& args, const store::Home& state) {
  const bool is_chosen = args.says(flag::server) || args.says(flag::staging);
  const std::vector<std::string> wanted = is_chosen ? directory_urls(args) : std::vector<std::string>();
  const std::optional<std::string> name = args.says(flag::account) ? args.find(flag::account) : std::nullopt;
  std::vector<Listed> all;
  for (store::StoredAccount& stored : store::accounts(state)) {
    if (is_chosen && std::ranges::find(wanted, stored.directory) == wanted.end()) continue;
    if (name && *name != stored.name) continue;
    const auto server = store::server_of(state, stored.directory);
    Listed one{.stored = std::move(stored), .ca = "", .key_type = "", .certificates = {}};
    one.ca = server ? server->name : one.stored.directory;
    one.key_type = key_type_of(state, one.stored);
    one.certificates = certificates_of(state, one.stored);
    all.push_back(std::move(one));
  }
  return all;
}

std::string addresses(const acme::Account& account) {
  std::vector<std::string> texts;
  for (const std::string& one : account.contact)
    texts.push_back(one.starts_with("mailto:") ? one.substr(7) : one);
  return join(texts, ", ");
}

void show(const std::vector<Listed>& all) {
  print_table({.titles = {"CA", "ACCOUNT", "STATUS", "KEY", "CERTIFICATES", "CONTACT", "URL"},
               .rows = all.size(),
               .cells =
                   [&](size_t at) {
                     const Listed& one = all[at];
                     const auto& account = one.stored.account;
                     std::vector<std::string> cells = {one.ca,
                                                       one.stored.name,
                                                       account ? account->status : "not looked up yet",
                                                       one.key_type.empty() ? "damaged" : one.key_type,
                                                       std::to_string(one.certificates.size()),
                                                       account ? addresses(*account) : "",
                                                       account ? account->url : ""};
                     for (std::string& cell : cells) cell = printable(cell);
                     return cells;
                   },
               .narrowest = 6});
}

Json listed_json(const Listed& one) {
  const auto& account = one.stored.account;
  Json json = Json::object();
  json.set("name", one.stored.name).set("ca", one.ca).set("directory", one.stored.directory);
  json.set("url", account ? Json(account->url) : Json());
  json.set("status", account ? Json(account->status) : Json());
  json.set("contact", to_json(account ? account->contact : std::vector<std::string>()));
  json.set("key_type", one.key_type.empty() ? Json() : Json(one.key_type));
  return json.set("folder", one.stored.folder).set("certificates", to_json(one.certificates));
}

// ---- deauthorize ----

/// A CA without a limit of its own, or with a fault, does not keep certo here.
constexpr int most_authorizations = 20;

/// There is no list of an account's authorizations (RFC 8555 section 7.1.2.1 is optional, and public CAs have
/// none): a new order shows the one that would be used.
int deauthorize(renew::Session& session, const crypto::Identifier& name, renew::OrderUse& use) {
  acme::Client& client = session.client();
  int count = 0;
  while (count < most_authorizations) {
    use = {.identifiers = {name}, .account = client.account(), .is_given_up = true};
    acme::Order order = renew::counted_order(
        session, client, {.identifiers = use.identifiers, .profile = "", .replaces = ""}, use);
    acme::read_authorizations(client, order);
    const size_t valid = acme::deactivate_authorizations(client, order, acme::AuthorizationStatus::valid);
    acme::deactivate_authorizations(client, order, acme::AuthorizationStatus::pending);
    if (valid == 0) break;
    ++count;
  }
  return count;
}

}  // namespace

Exit list_accounts(const Args& args) {
  refuse_registration(args, "list");
  const store::Home state = home_to_read(args);
  const std::vector<Listed> all = listed(args, state);
  if (args.has(flag::json)) {
    JsonList items(Json(Json::Object{{"certo", "accounts/1"}}), "accounts");
    for (const Listed& one : all) items.add(listed_json(one));
    items.end();
  } else if (all.empty()) {
    log::say("there are no accounts in " + state.path());
  } else {
    show(all);
  }
  return Exit::ok;
}

Exit recover_account(const Args& args) {
  refuse_registration(args, "recover");
  if (!args.has(flag::account_key))
    throw Error(Exit::usage, "account recover: --account-key is missing",
                "name the file with the account's key, as PEM or as a JWK");
  renew::SessionSettings settings = session_settings(args, directory_url(args));
  settings.may_register = false;
  const crypto::PrivateKey key = renew::read_account_key(settings.account_key);
  const store::Home state = home(args);
  state.prepare();
  store::AccountFolder folder(state, settings.directory, settings.account);
  const auto refuse_another = [&](const std::optional<crypto::PrivateKey>& stored) {
    if (stored && !(stored->public_key() == key.public_key()))
      throw Error(Exit::usage,
                  "the store has another account called " + settings.account + " at " + settings.directory,
                  "choose another name: --account NAME");
  };
  refuse_another(folder.key());
  renew::Session session(state, settings);
  const acme::Account account = acme::read_account(session.client());
  const os::Lock lock = folder.lock(lock_timeout(args));
  const std::optional<crypto::PrivateKey> stored = folder.key();
  refuse_another(stored);
  if (!stored) folder.save_key(key);
  folder.save(account);
  log::say("the account " + account.url + " is stored as '" + settings.account + "'");
  return Exit::ok;
}

Exit deauthorize(const Args& args) {
  refuse_registration(args, "deauthorize");
  const std::vector<crypto::Identifier> names = names_in(args.words());
  renew::SessionSettings settings = session_settings(args, directory_url(args));
  settings.may_register = false;
  const store::Home state = home(args);
  renew::Session session(state, settings);
  for (const crypto::Identifier& name : names) {
    renew::OrderUse use;
    try {
      const int count = deauthorize(session, name, use);
      log::say(name.value + (count == 0   ? ": the CA has no valid authorization of this account"
                             : count == 1 ? ": deactivated an authorization"
                                          : ": deactivated " + std::to_string(count) + " authorizations"));
    } catch (const Error& error) {
      session.note(error, use);
      throw error.within(name.value);
    }
  }
  return Exit::ok;
}

}  // namespace certo::commands
