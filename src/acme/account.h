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
};

struct Registration {
  std::vector<std::string> contact;                             // "mailto:…"
  std::function<bool(const std::string& terms_url)> agrees_to;  // called only if the CA has terms; empty: no
  std::optional<ExternalBinding> binding;
};

/// Registers an account for the client's key, or finds the existing one; sets it in the client.
/// Throws Error{config} if terms must be agreed to (hint with their URL) or a binding is required.
Account register_account(Client& client, const Registration& registration);
/// The account of the client's key; nothing if the CA knows none (onlyReturnExisting, 7.3.1).
std::optional<Account> find_account(Client& client);
Account read_account(Client& client);
Account update_contact(Client& client, const std::vector<std::string>& contact);
Account deactivate_account(Client& client);
/// Replaces the account's key (7.3.5). The new key must be on disk already.
void change_key(Client& client, const crypto::Signer& new_key);

}  // namespace certo::acme
