#include "renew/account_keys.h"

#include <utility>

#include "base/text.h"
#include "crypto/jwk.h"
#include "os/trust.h"

namespace certo::renew {

crypto::PrivateKey read_account_key(const std::string& path) {
  const std::string text = os::read_private(path);
  return trim(text).starts_with('{') ? crypto::private_key_of_jwk(text, path)
                                     : crypto::PrivateKey::from_pem(text, path);
}

void AccountKeys::use(crypto::PrivateKey key) {
  const std::lock_guard guard(mutex_);
  keys_.push_back(std::make_unique<crypto::PrivateKey>(std::move(key)));
}

const crypto::PrivateKey& AccountKeys::current() const {
  const std::lock_guard guard(mutex_);
  return *keys_.back();
}

bool AccountKeys::take_stored() {
  std::optional<crypto::PrivateKey> stored = folder_.key();
  if (!stored) return false;
  const std::lock_guard guard(mutex_);
  if (keys_.empty() || !(keys_.back()->public_key() == stored->public_key()))
    keys_.push_back(std::make_unique<crypto::PrivateKey>(*std::move(stored)));
  return true;
}

void AccountKeys::complete_change(crypto::PrivateKey next) {
  folder_.note_key_change(now());
  folder_.replace_key(next);
  folder_.drop_next_key();
  use(std::move(next));
}

}  // namespace certo::renew
