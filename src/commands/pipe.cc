#include "commands/pipe.h"

#include <algorithm>

#include "store/orders.h"

namespace certo::commands {

acme::Document read_document(const Args& args) {
  const std::string path = args.words().empty() ? "-" : args.words().front();
  const std::string subject = path == "-" ? "stdin" : path;
  return acme::parse_document(read_input(path, 1 << 20, "an order document"), subject);
}

Believed believe(const store::Home& home, acme::Document document) {
  if (std::optional<acme::Document> own = store::kept_order(home, document.order.url.text))
    return {std::move(*own), true};
  return {std::move(document), false};
}

renew::SessionSettings session_settings_for(const Args& args, const acme::Document& document) {
  renew::SessionSettings settings = session_settings(args, document.directory);
  settings.may_register = false;
  return settings;
}

void check_account(const acme::Client& client, const acme::Document& document) {
  if (client.account() == document.account) return;
  throw Error(
      Exit::config,
      "the order belongs to the account " + document.account + ", but this account is " + client.account(),
      "choose the account with --account NAME, --account-key FILE or --home DIR");
}

void require_names_of(const acme::Order& order, const Args& args) {
  for (const crypto::Identifier& name : names_in(args.all(flag::domain))) {
    if (std::ranges::find(order.identifiers, name) == order.identifiers.end())
      throw Error(Exit::usage, "the order is not for " + name.value, "'certo inspect' shows its names");
  }
}

void pass_on(const store::Home& home, const acme::Document& document, const std::string& thumbprint) {
  store::keep_order(home, document);
  print(to_json(acme::to_json(document, thumbprint)) + "\n");
}

}  // namespace certo::commands
