// Changes of the account's key (RFC 8555 section 7.3.5): implements a part of renew/session.h.
//
// The new key is on disk as account.key.next before the CA hears of it. A run that ends between the CA's
// answer and the switch leaves an account.key that the CA refuses; the next command that signs notices it,
// asks the CA whether it knows the other key, and completes the change. Some CAs verify signatures with the
// old key for some more seconds (5 s with Let's Encrypt's server), so a key that was changed lately is tried
// again.
#include "acme/account.h"
#include "acme/jws.h"
#include "base/log.h"
#include "crypto/coming_key.h"
#include "renew/session.h"

namespace certo::renew {
namespace {

constexpr Seconds longest_memory_of_old_key(30);
constexpr Seconds pause_for_new_key(1);

}  // namespace

std::optional<acme::Account> Session::account_of(const crypto::Signer& key) {
  acme::Client client = client_of(key);
  return acme::find_account(client);
}

/// Makes the next key the account's if the CA knows it already. The caller holds the account's lock.
std::optional<acme::Account> Session::complete_key_change() {
  std::optional<crypto::PrivateKey> next = folder_.next_key();
  if (!next) return {};
  std::optional<acme::Account> account = account_of(*next);
  if (!account) return {};
  keys_.complete_change(*std::move(next));
  log::verbose("the account " + account->url + " has a new key: the change of an earlier run is complete");
  return account;
}

bool Session::has_other_key(const std::string& thumbprint) {
  if (!settings_.account_key.empty()) return false;
  keys_.take_stored();
  return acme::thumbprint(keys_.current().public_key()) != thumbprint;
}

/// The account's key after the CA refused a signature by `refused`. The caller holds key_mutex_.
std::optional<Session::OtherKey> Session::other_key(const crypto::Signer& refused) {
  const auto is_another = [&] { return !(keys_.current().public_key() == refused.public_key()); };
  if (!is_another()) keys_.take_stored();
  if (!is_another() && !holds_account_lock_ && folder_.has_next_key()) {
    const os::Lock lock = folder_.lock(settings_.lock_timeout);
    keys_.take_stored();  // by the run that held the lock
    if (!is_another()) complete_key_change();
  }
  if (is_another()) return OtherKey{&keys_.current(), Millis(0)};
  const std::optional<Time> changed = folder_.key_changed();
  const bool is_new = changed && *changed <= now() && now() - *changed < longest_memory_of_old_key;
  if (!is_new) return {};
  return OtherKey{&keys_.current(), pause_for_new_key};
}

acme::Account Session::roll_over(std::optional<crypto::KeyType> type) {
  acme::Client& client = this->client();
  const os::Lock lock = folder_.lock(settings_.lock_timeout);
  holds_account_lock_ = true;
  take_stored_key();  // another rollover may have come first
  // An earlier run may have ended between the CA's answer and the switch. Then its new key is the one that
  // was meant.
  if (const std::optional<acme::Account> account = complete_key_change()) {
    client.set_key(keys_.current());
    holds_account_lock_ = false;
    return *account;
  }
  std::optional<crypto::PrivateKey> next = folder_.next_key();
  if (next && next->public_key() == client.key().public_key()) next.reset();  // that change is complete
  if (!next) {
    next = crypto::ComingKey(type.value_or(client.key().public_key().type)).get(client.deadline());
    folder_.save_next_key(*next);
  }
  try {
    acme::change_key(client, *next);
  } catch (const acme::Refusal& refusal) {
    if (refusal.code != Exit::failed && refusal.code != Exit::config) throw;
    const std::optional<acme::Account> account = account_of(*next);
    if (!account || account->url != client.account()) {
      folder_.drop_next_key();
      throw;
    }
  }
  keys_.complete_change(*std::move(next));
  client.set_key(keys_.current());
  holds_account_lock_ = false;
  const log::Waiting live("waiting for the CA to know the new key");
  return acme::read_account(client);
}

}  // namespace certo::renew
