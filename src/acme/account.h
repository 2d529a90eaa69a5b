// Accounts (RFC 8555 section 7.3).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "acme/client.h"

namespace certo::acme {

struct ExternalBinding {  // 7.3.4
  std::string kid;
  std::string hmac_key;  // decoded
  std::string algorithm = "HS256";
};

struct Registration {
  std::vector<std::string> contact;                             // "mailto:…"
  std::function<bool(const std::string& terms_url)> agrees_to;  // called only if the CA has terms; empty: no
  std::optional<ExternalBinding> binding;
  std::function<ExternalBinding()> get_binding{};  // if the CA wants one and there is none; empty: it cannot
};

/// The CA takes only accounts that are bound to an external one, and there is none to bind to.
struct BindingRequired : Error {
  BindingRequired();
};

/// The account was deactivated or revoked, which is final (7.3.6).
struct AccountClosed : Error {
  explicit AccountClosed(const std::string& what);
};
/// Whether the CA refuses a request because the account is closed. RFC 8555 section 7.3.6 gives such a
/// refusal no type of its own, only the text tells.
bool says_closed(const Problem& problem);

/// Registers an account for the client's key, or finds the existing one; sets it in the client.
/// Throws Error{config} if terms must be agreed to (hint with their URL), and before it asks for that
/// BindingRequired. This and the next two throw AccountClosed.
Account register_account(Client& client, const Registration& registration);
/// The account of the client's key; nothing if the CA knows none (onlyReturnExisting, 7.3.1).
std::optional<Account> find_account(Client& client);
Account read_account(Client& client);
Account update_contact(Client& client, const std::vector<std::string>& contact);
Account deactivate_account(Client& client);
/// How an account that is not valid reads in a message: "the account URL was revoked by the CA".
std::string describe_closed(const Account& account);
/// Replaces the account's key (7.3.5). The new key must be on disk already.
void change_key(Client& client, const crypto::Signer& new_key);

}  // namespace certo::acme
