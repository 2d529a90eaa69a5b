// The key of an account while a session signs with it. A key change (RFC 8555 section 7.3.5) in this or
// another run replaces it; the replaced one stays in memory, because a request may still be signed with it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "crypto/key.h"
#include "store/account.h"

namespace certo::renew {

/// The key of --account-key: PEM, or a JWK as certbot keeps it.
crypto::PrivateKey read_account_key(const std::string& path);

class AccountKeys {
 public:
  explicit AccountKeys(store::AccountFolder& folder) : folder_(folder) {}

  // Any thread may call these.
  void use(crypto::PrivateKey key);
  /// Precondition: `use` or `take_stored` gave one.
  const crypto::PrivateKey& current() const;
  /// Makes the stored key the current one. False if none is stored.
  bool take_stored();
  /// The CA has accepted `next`: stores it as the account's key, and makes it the current one. The caller
  /// holds the account's lock.
  void complete_change(crypto::PrivateKey next);

 private:
  store::AccountFolder& folder_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<crypto::PrivateKey>> keys_;  // the current one is the last
};

}  // namespace certo::renew
