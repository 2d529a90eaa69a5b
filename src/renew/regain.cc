// What renew/session.h declares about an account that the CA refuses: its key was changed, the CA has
// forgotten it, or it was closed.
#include "acme/account.h"
#include "base/log.h"
#include "renew/session.h"

namespace certo::renew {

acme::Client Session::client_of(const crypto::Signer& key) const {
  acme::ClientSettings other;
  other.directory = net::parse_url(settings_.directory, "--server", Exit::usage);
  other.deadline = Deadline(settings_.time_limit);
  return acme::Client(*http_, key, std::move(other));
}

std::optional<Session::Standing> Session::regain(const acme::ClientSettings::Refused& refused) {
  const std::lock_guard guard(key_mutex_);
  if (refused.problem.type == "accountDoesNotExist") return find_lost_account(refused);
  if (acme::says_closed(refused.problem))
    throw acme::AccountClosed("the CA refuses the account " + refused.account + ": " +
                              describe(refused.problem));
  if (!settings_.account_key.empty()) return {};
  const auto other = other_key(refused.key);
  if (!other) return {};
  return Standing{other->key, refused.account, other->wait};
}

/// Looks the account up by its key. If the CA does not know the key either (it lost its data, or this is
/// another machine by the same name), the same key is registered again.
std::optional<Session::Standing> Session::find_lost_account(const acme::ClientSettings::Refused& refused) {
  const bool has_own_key = settings_.account_key.empty();
  std::optional<os::Lock> lock;
  std::optional<acme::Account> stored;
  if (has_own_key) {
    if (!holds_account_lock_) lock = folder_.lock(settings_.lock_timeout);
    keys_.take_stored();
    stored = folder_.account();
    if (stored && stored->url != refused.account)
      return Standing{&keys_.current(), stored->url};  // another run's work
  }
  acme::Client client = client_of(keys_.current());
  std::optional<acme::Account> found = find(client);
  if (found && found->url == refused.account) return {};  // the CA contradicts itself
  if (!found) {
    if (!settings_.may_register)
      throw Error(Exit::config, "the CA no longer knows the account " + refused.account,
                  "'certo account new', with the same --server and --account, registers the same key again");
    found = registered(client, stored);
  }
  log::warn("the CA no longer knows the account " + refused.account + "; the same key now has " + found->url);
  if (has_own_key) folder_.save(*found);
  return Standing{&keys_.current(), found->url};
}

}  // namespace certo::renew
