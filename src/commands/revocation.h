// What revoke and rekey share: the reasons, and how a certificate is revoked at its CA.
#pragma once

#include <string>
#include <vector>

#include "acme/order.h"
#include "commands/context.h"
#include "store/entry.h"

namespace certo::commands {

/// RFC 5280 section 5.3.1.
inline constexpr int key_compromise = 1;

/// "keyCompromise", "key-compromise" or "1" as its number. Throws Error{usage}.
int reason_number(const std::string& text);

/// Revokes at the CA of `settings`; true if it was revoked before. `reason`: -1 for none.
bool revoke_by_key(const store::Home& state, renew::SessionSettings settings, const std::string& key,
                   const crypto::Certificate& certificate, int reason);
bool revoke_by_account(const store::Home& state, renew::SessionSettings settings,
                       const crypto::Certificate& certificate, int reason);
/// By the account, or by the key in this file ("" if there is none) if the account is gone or is not its own.
/// A compromised key is the better proof: CAs then refuse it for ever.
bool revoke_by_either(const store::Home& state, const renew::SessionSettings& settings,
                      const std::string& key, const crypto::Certificate& certificate, int reason);

void say_revoked(const std::string& what, bool was_before);

/// A version of a stored certificate.
struct StoredVersion {
  std::string name, version;
  crypto::Certificate leaf;
};
/// All versions whose certificates are for this public key and have not expired; damaged ones are passed
/// over.
std::vector<StoredVersion> versions_with_key(const store::Home& state, const Bytes& spki, Time now);
std::vector<StoredVersion> versions_with_key(const store::Entry& entry, const Bytes& spki, Time now);

}  // namespace certo::commands
