// accounts/<ca>/<name>/: key, account, lock and gate; ca/<ca>/directory.json.
#pragma once

#include <optional>
#include <string>

#include "acme/types.h"
#include "crypto/key.h"
#include "os/lock.h"
#include "store/home.h"

namespace certo::store {

class AccountFolder {
 public:
  AccountFolder(const Home& home, std::string directory_url, std::string name = "default");

  /// The key; nothing if there is none yet. A damaged key, or a missing one although account.json exists, is
  /// Error{bad_input}: never silently a new account.
  std::optional<crypto::PrivateKey> key() const;
  void save_key(const crypto::PrivateKey& key);  // refuses to replace one (Error{bug}) unless replace_key
  void replace_key(const crypto::PrivateKey& key);
  /// The key that a key change is about to make the account's: written first, so that no crash loses it.
  void save_next_key(const crypto::PrivateKey& key);
  std::optional<crypto::PrivateKey> next_key() const;
  bool has_next_key() const;
  void drop_next_key();

  /// Also nothing if it is damaged: the CA finds the account by its key.
  std::optional<acme::Account> account() const;
  void save(const acme::Account& account);
  /// Makes room for another account of this name: key and account.json stay, as "closed-<time>.key" and
  /// ".json".
  void set_aside(Time now);
  /// When the account's key was last changed; nothing if it never was.
  std::optional<Time> key_changed() const;
  void note_key_change(Time when);
  /// Held while an account is looked up and registered, so that two first runs register only one.
  os::Lock lock(Millis wait) const;

  /// A request that the CA refuses for the whole account, or for this machine's address, until a certain
  /// time. Nothing else of the account has to wait.
  enum class Gated { new_order, new_account };
  struct Gate {
    Time until{};
    std::string why;  // the CA's words
  };
  /// Nothing if it is open at `now` (gate.json, gate-account.json).
  std::optional<Gate> gate(Gated request, Time now) const;
  void close_gate(Gated request, const Gate& gate);  // does not shorten a longer wait

  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

/// The directory of the last time; nothing if absent or damaged (it is a cache).
std::optional<acme::Directory> cached_directory(const Home& home, const acme::Url& url);
void save_directory(const Home& home, const acme::Directory& directory);

}  // namespace certo::store
