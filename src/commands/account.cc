// certo account: RFC 8555 section 7.3.
#include "acme/account.h"
#include "base/log.h"
#include "commands/commands.h"
#include "commands/context.h"
#include "console/ask.h"
#include "console/defaults.h"

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
  if (args.has("--account-key"))
    throw Error(Exit::usage, "rollover changes the key in the store, and --account-key names another",
                "leave --account-key out");
  acme::Account account = session.roll_over();
  log::say("the account " + account.url + " has a new key");
  return account;
}

acme::Account deactivate(acme::Client& client, const Args& args) {
  if (!confirm(args, "deactivate the account " + client.account() + " for ever?"))
    throw Error(Exit::usage, "nothing was done", "say --yes where nobody can be asked");
  return acme::deactivate_account(client);
}

/// Makes the CA the one of every command that names none.
Exit set_default_ca(const Args& args, const store::Home& state) {
  if (!args.says("--server")) throw Error(Exit::usage, "account default: which CA?", "--server NAME");
  const std::string directory = directory_url(args);
  const std::string server = args.has("--staging") ? directory : args.get("--server");
  state.prepare();
  set_default(state.path(), "server", server);
  log::say("the CA is " + server + " from now on; certificates that are there keep theirs");
  return Exit::ok;
}

Exit run(const Args& args) {
  std::string action = args.words().empty() ? "show" : args.words().front();
  store::Home state = home(args);
  if (action == "default") return set_default_ca(args, state);
  renew::SessionSettings settings = session_settings(args, directory_url(args));
  settings.may_register = action == "new";
  renew::Session session(state, settings);

  acme::Account account;
  if (action == "new" || action == "show")
    account = acme::read_account(session.client());
  else if (action == "update")
    account = acme::update_contact(session.client(), settings.contact);
  else if (action == "rollover")
    account = roll_over(session, args);
  else if (action == "deactivate")
    account = deactivate(session.client(), args);
  else
    throw Error(Exit::usage, "unknown action '" + action + "'",
                "one of: new, show, update, rollover, deactivate, default");
  if (!args.has("--account-key")) session.folder().save(account);
  print_json(account_json(account, session.client().directory()));
  return Exit::ok;
}

}  // namespace

const Command account_command{
    .name = "account",
    .group = Group::plumbing,
    .summary = "register, show or change the account at a CA",
    .usage = "[new|show|update|rollover|deactivate|default]",
    .input = "-",
    .output = "account JSON",
    .options = {{"--yes", Value::none, nullptr, "deactivate without asking"}},
    .network = true,
    .examples = {"certo account new --agree-tos --email admin@example.com",
                 "certo account show --server zerossl",
                 "certo account rollover   # a new key for the same account",
                 "certo account default --server zerossl   # the CA where no --server is given"},
    .description =
        "An account is made by the first 'certo issue' as well. 'update' replaces the contact by the "
        "--email given, or removes it. 'default' writes --server into certo.conf and asks no CA.",
    .run = run,
    .words_most = 1,
};

}  // namespace certo::commands
