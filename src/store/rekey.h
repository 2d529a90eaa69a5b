// rekey.json of a certificate: its key is compromised, and is being replaced ('certo rekey NAME
// --compromised'). It is written before anything else happens, and removed when nothing is owed any more.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "crypto/certificate.h"
#include "store/entry.h"

namespace certo::store {

struct Rekey {
  std::string key;  // SHA-256 of the compromised public key, hexadecimal
  Time since{};
  std::vector<crypto::Certificate> owed;  // to be revoked when another certificate is in place
};

/// Of this public key, as in Rekey::key.
std::string key_digest(const Bytes& spki);

/// Nothing if there is none. Throws Error{bad_input} if it is damaged: what is owed must not be forgotten.
bool is_rekey_owed(const Entry& entry);  // reads nothing
std::optional<Rekey> rekey_of(const Entry& entry);
void save(const Entry& entry, const Rekey& rekey);
void drop_rekey(const Entry& entry);
/// Whether no certificate may be for this public key any more.
bool is_compromised(const Entry& entry, const Bytes& spki);

}  // namespace certo::store
