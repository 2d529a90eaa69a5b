#include "acme/account.h"

#include "acme/jws.h"
#include "acme/read.h"
#include "base/text.h"

namespace certo::acme {
namespace {

Account parse_account(const net::HttpReply& reply, std::string url) {
  const Json json = parse_json(reply.body, "the account", Exit::protocol);
  const Fields fields(json, "the account", Exit::protocol);
  Account account;
  account.url = std::move(url);
  account.status = fields.string("status");
  account.contact = fields.strings("contact");
  account.terms_agreed = fields.boolean("termsOfServiceAgreed", false);
  return account;
}

/// newAccount answers with the account's URL in Location, for a new and for a known key (7.3, 7.3.1).
Account adopt(Client& client, const net::HttpReply& reply) {
  const Url url = linked_url(reply, reply.header("location"), "the account's URL");
  Account account = parse_account(reply, url.text);
  if (account.status != "valid") throw AccountClosed(describe_closed(account));
  client.set_account(url.text);
  return account;
}

Json contacts(const std::vector<std::string>& contact) {
  Json list = Json::array();
  for (const std::string& one : contact) list.push(one);
  return list;
}

Url account_url(Client& client) {
  return net::parse_url(client.account(), "the account's URL", Exit::bad_input);
}

/// Sends a request about the account itself.
net::HttpReply ask(Client& client, const Post& post) {
  try {
    return client.post(post);
  } catch (const Refusal& refusal) {
    if (says_closed(refusal.problem))
      throw AccountClosed("the CA refuses the account: " + describe(refusal.problem));
    throw;
  }
}

}  // namespace

AccountClosed::AccountClosed(const std::string& what)
    : Error(
          Exit::config, what + "; a closed account cannot be opened again",
          "'certo account new', with the same --server and --account, makes another one with a new key; certificates then use that one") {
}

BindingRequired::BindingRequired()
    : Error(
          Exit::config, "this CA registers only accounts that are bound to an external account",
          "get the key identifier and HMAC key on its site, then give --eab-kid KID and --eab-hmac-file FILE") {
}

std::string describe_closed(const Account& account) {
  const std::string what = "the account " + account.url;
  if (account.status == "revoked") return what + " was revoked by the CA";
  return what + (account.status == "deactivated" ? " was deactivated" : " is " + account.status);
}

bool says_closed(const Problem& problem) {
  const std::string text = lower(problem.detail);
  const auto says = [&](std::string_view word) { return text.find(word) != text.npos; };
  // An authorization or a certificate can be deactivated or revoked, too.
  return problem.type == "unauthorized" && says("account") && (says("deactivated") || says("revoked"));
}

Account register_account(Client& client, const Registration& registration) {
  const Directory& directory = client.directory();
  const bool is_bound = registration.binding || registration.get_binding;
  if (directory.external_account_required && !is_bound) throw BindingRequired();
  Json payload = Json::object();
  if (!registration.contact.empty()) payload.set("contact", contacts(registration.contact));
  if (!directory.terms_of_service.empty()) {
    if (!registration.agrees_to || !registration.agrees_to(directory.terms_of_service))
      throw Error(Exit::config,
                  "a new account needs your agreement to the CA's terms: " + directory.terms_of_service,
                  "read them, then add --agree-tos");
    payload.set("termsOfServiceAgreed", true);
  }
  std::optional<ExternalBinding> binding = registration.binding;
  if (!binding && directory.external_account_required) binding = registration.get_binding();
  if (binding)
    payload.set("externalAccountBinding",
                parse_json(sign_external_binding(client.key().public_key(), binding->algorithm, binding->kid,
                                                 binding->hmac_key, directory.new_account.text),
                           "the binding", Exit::bug));
  Account account = adopt(client, ask(client, {.url = directory.new_account,
                                               .payload = to_json(payload),
                                               .with_jwk = true,
                                               .step = Step::new_account}));
  // Not every CA repeats it.
  account.terms_agreed = account.terms_agreed || !directory.terms_of_service.empty();
  return account;
}

std::optional<Account> find_account(Client& client) {
  Json payload = Json::object();
  payload.set("onlyReturnExisting", true);
  try {
    return adopt(client, ask(client, {.url = client.directory().new_account,
                                      .payload = to_json(payload),
                                      .with_jwk = true,
                                      .step = Step::new_account}));
  } catch (const Refusal& refusal) {
    if (refusal.problem.type == "accountDoesNotExist") return {};
    throw;
  }
}

Account read_account(Client& client) {
  const net::HttpReply reply = ask(client, {.url = account_url(client), .payload = ""});
  return parse_account(reply, client.account());
}

Account update_contact(Client& client, const std::vector<std::string>& contact) {
  Json payload = Json::object();
  payload.set("contact", contacts(contact));
  return parse_account(client.post({.url = account_url(client), .payload = to_json(payload)}),
                       client.account());
}

Account deactivate_account(Client& client) {
  Json payload = Json::object();
  payload.set("status", "deactivated");
  return parse_account(client.post({.url = account_url(client), .payload = to_json(payload)}),
                       client.account());
}

void change_key(Client& client, const crypto::Signer& new_key) {
  const Directory& directory = client.directory();
  if (!directory.key_change) throw Error(Exit::failed, "this CA cannot change an account's key");
  Json payload = Json::object();
  payload.set("account", client.account());
  payload.set("oldKey", parse_json(jwk(client.key().public_key()), "the account key", Exit::bug));
  client.post({.url = *directory.key_change,
               .payload = sign_inner_jws(new_key, directory.key_change->text, to_json(payload))});
}

}  // namespace certo::acme
