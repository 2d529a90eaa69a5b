// certo account: RFC 8555 section 7.3.
// Defines account_command of commands/commands.h.
#include "acme/account.h"

#include <functional>

#include "base/log.h"
#include "base/text.h"
#include "commands/accounts.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "console/ask.h"
#include "console/defaults.h"
#include "renew/several.h"

namespace certo::commands {
namespace {

Json account_json(const acme::Account& account, const acme::Directory& directory) {
  Json contact = Json::array();
  for (const std::string& one : account.contact) contact.push(one);
  Json::Object profiles;
  for (const auto& [name, description] : directory.profiles) profiles.emplace_back(name, description);
  Json json = Json::object();
  json.set("url", account.url).set("status", account.status).set("contact", std::move(contact));
  json.set("directory", directory.url.text).set("termsOfService", directory.terms_of_service);
  json.set("profiles", std::move(profiles));
  return json;
}

acme::Account roll_over(renew::Session& session, const Args& args) {
  if (args.has(flag::account_key))
    throw Error(Exit::usage, "rollover replaces the key in the store, but --account-key names another key",
                "omit --account-key");
  std::optional<crypto::KeyType> type;
  if (args.says(flag::account_key_type)) type = crypto::key_type(args.get(flag::account_key_type));
  acme::Account account = session.roll_over(type);
  log::say("the account " + account.url + " has a new key; servers of --stateless need its thumbprint, " +
           session.client().thumbprint());
  return account;
}

acme::Account deactivate(acme::Client& client, const Args& args) {
  if (!confirm(args, "deactivate the account " + client.account() + " for good?"))
    throw Error(Exit::usage, "account: deactivate needs a confirmation", "give --yes if nobody can be asked");
  return acme::deactivate_account(client);
}

/// Makes the CA the one of every command that names none.
Exit run_default(const Args& args) {
  if (!args.says(flag::server))
    throw Error(Exit::usage, "account default: --server is missing",
                "name the CA, for example: certo account default --server zerossl");
  const store::Home state = home(args);
  if (args.get(flag::server).empty() && !args.has(flag::staging)) {
    set_default(state.path(), "server", "");
    log::say("certo.conf names no CA; existing certificates keep theirs");
    return Exit::ok;
  }
  const std::vector<std::string> directories = directory_urls(args);
  renew::require_same_kind(state, directories);
  const std::string server = args.has(flag::staging) ? join(directories, ",") : args.get(flag::server);
  state.prepare();
  set_default(state.path(), "server", server);
  log::say("new certificates come from " + server + "; existing certificates keep their CA");
  return Exit::ok;
}

using Work = std::function<acme::Account(renew::Session&, const renew::SessionSettings&)>;
enum class Registration { allowed, refused };

/// Does the work on the account at the CA, then stores and prints what the CA says about the account.
Exit run(const Args& args, Registration registration, const Work& work) {
  renew::SessionSettings settings = session_settings(args, directory_url(args));
  settings.may_register = registration == Registration::allowed;
  const store::Home state = home(args);
  renew::Session session(state, settings);
  const acme::Account account = work(session, settings);
  if (!args.has(flag::account_key)) session.folder().save(account);
  print_json(account_json(account, session.bare_client().directory()));
  return Exit::ok;
}

acme::Account read(renew::Session& session, const renew::SessionSettings&) {
  return acme::read_account(session.client());
}

/// An account that was closed cannot be opened again, so another one takes its place, and its name.
Exit run_new(const Args& args) {
  store::AccountFolder folder(home(args), directory_url(args),
                              session_settings(args, directory_url(args)).account);
  const std::optional<acme::Account> before = folder.account();
  try {
    return run(args, Registration::allowed, read);
  } catch (const acme::AccountClosed& closed) {
    if (args.has(flag::account_key)) throw;
    log::say(closed.message + "; its key is kept, and another account takes its place");
  }
  {
    const os::Lock lock = folder.lock(lock_timeout(args));
    // Another run may have replaced it already.
    const std::optional<acme::Account> stored = folder.account();
    if (!stored || (before && stored->url == before->url)) folder.set_aside(now());
  }
  return run(args, Registration::allowed, read);
}
Exit run_show(const Args& args) { return run(args, Registration::refused, read); }

Exit run_update(const Args& args) {
  return run(args, Registration::refused,
             [](renew::Session& session, const renew::SessionSettings& settings) {
               return acme::update_contact(session.client(), settings.contact);
             });
}

Exit run_rollover(const Args& args) {
  return run(args, Registration::refused,
             [&](renew::Session& session, const auto&) { return roll_over(session, args); });
}

Exit run_deactivate(const Args& args) {
  return run(args, Registration::refused,
             [&](renew::Session& session, const auto&) { return deactivate(session.client(), args); });
}

}  // namespace

const Command account_command{
    .name = "account",
    .group = Group::plumbing,
    .summary = "register, list, show or change accounts at CAs",
    .output = "account JSON",
    .sets = {&server_options, &connection_options, &account_options, &registration_options},
    .examples = {"certo account new --agree-tos --email admin@example.com", "certo account list",
                 "certo account show --server zerossl",
                 "certo account recover --account-key old/account.key   # an account of another machine",
                 "certo account rollover   # a new key for the same account",
                 "certo account default --server zerossl   # the CA where no --server is given",
                 "certo account default --server ''   # none again"},
    .description =
        R"(The first 'certo issue' registers an account, too. 'default' sets the CA of commands that name none. One
CA can have several accounts, each with a name: --account NAME. 'certo help accounts' explains external
accounts (EAB), terms of service, and several CAs for one certificate.)",
    .run = run_show,
    .subcommands =
        {{"new", "register an account at the CA", {}, {}, run_new},
         {"show", "show the account; the default", {}, {}, run_show},
         {"list", "list the accounts in the store", {}, {}, list_accounts},
         {"recover", "find the account of --account-key at the CA, and store both", {}, {}, recover_account},
         {"update", "replace the contact by the --email given, or remove it", {}, {}, run_update},
         {"rollover", "replace the account's key by a new one", {}, {}, run_rollover},
         {"deauthorize",
          "deactivate what the account has proven about names",
          {Value::name, "NAME…", 1, any_number},
          {},
          deauthorize},
         {"deactivate",
          "close the account for good",
          {},
          {flag::yes.with_help("deactivate without asking")},
          run_deactivate},
         {"default", "write --server into certo.conf ('': remove it)", {}, {}, run_default}},
};

}  // namespace certo::commands
