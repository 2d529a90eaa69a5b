// The conversation of one run with one CA: transport, account key and client, ready to use.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "acme/account.h"
#include "acme/client.h"
#include "acme/order.h"
#include "net/http.h"
#include "renew/account_keys.h"
#include "renew/crls.h"
#include "renew/limits.h"
#include "store/account.h"
#include "store/home.h"
#include "store/request.h"
#include "store/servers.h"

namespace certo::renew {

/// What to do with a request for which a limit of the CA leaves no room, as far as this machine knows.
enum class IfShort { postpone, send };

struct SessionSettings {
  std::string directory;  // URL
  std::string account = "default";
  std::string account_key;  // --account-key FILE; empty: the key in the store
  std::string ca_bundle;
  bool is_ca_bundle_for_all = false;  // it counts instead of those of the requests
  std::string user_agent;             // required by RFC 8555 section 6.1
  int ip_version = 0;
  std::vector<std::string> contact;                             // "mailto:…"
  std::function<bool(const std::string& terms_url)> agrees_to;  // --agree-tos, or a question on a terminal
  crypto::KeyType account_key_type = crypto::KeyType::ec256;
  std::optional<acme::ExternalBinding> binding;
  bool is_binding_optional = false;  // the binding is for another CA if this one requires none
  std::string eab_api_key;           // of a CA that makes external accounts; "" for none
  bool may_register = true;          // false: Error{config} if there is no account
  Millis time_limit = Seconds(600);  // of one certificate's order, from first request to last
  Millis lock_timeout = Seconds(60);
  IfShort if_short = IfShort::postpone;  // --force

  /// The CA, account, key and CA bundle that belong to a certificate.
  void use(const store::Request& request);
};

/// The CA limits new orders or new accounts, as it said before or as it publishes: no such request was sent.
struct GateClosed : Error {
  explicit GateClosed(const store::AccountFolder::Gate& gate);
  explicit GateClosed(const Shortage& shortage);
};

class Session {
 public:
  /// Loads or makes the key. Nothing is sent.
  Session(const store::Home& home, SessionSettings settings);
  ~Session();

  /// The client with an account: the stored one, else found or registered (under the account's lock).
  /// Throws GateClosed if an account must be registered while the CA takes no new ones.
  acme::Client& client();
  /// The client, perhaps without an account: for unsigned requests.
  acme::Client& bare_client();
  /// A client of its own for one order, with a time limit of its own. Throws as `client` does. Any thread may
  /// call this and the next three.
  acme::Client order_client();
  /// The same without an account: for renewal information.
  acme::Client bare_order_client();
  /// Throws GateClosed if it is known without any request that `reserve` would. `order` needs no account.
  void require_room(OrderUse order) const;
  /// Before a new order, and before nothing else: throws GateClosed while the CA limits the whole account, or
  /// if the order would break another limit of the CA as far as this machine knows. Otherwise the order is
  /// counted. Any thread may call this and the next two.
  void reserve(OrderUse& order);
  /// The CA did not open the order.
  void release(OrderUse& order);
  /// Notes what an error says about the CA's limits. One of the whole account closes the gate. If the order
  /// has failed for good, no certificate is counted.
  void note(const Error& error, const OrderUse& order);
  /// Notes which challenge types the CA offered, for `certo ca`.
  void note_challenge_types(const acme::Order& order) const;
  /// Gives the account a new key, or completes a change that was interrupted. Returns when the CA accepts
  /// signatures by it.
  /// `type`: of the new key; nothing: as the old one.
  acme::Account roll_over(std::optional<crypto::KeyType> type = {});
  /// True if the account's key is no longer the one with this thumbprint. Any thread may call this.
  bool has_other_key(const std::string& thumbprint);
  /// Whether the table of CAs allows this CA's issuers to have short keys.
  bool allows_weak_issuers() const { return store::allows_weak_keys(home_, settings_.directory); }
  /// URL of the CA's directory.
  const std::string& directory() const { return settings_.directory; }
  net::HttpCounts counts() const;
  store::AccountFolder& folder() { return folder_; }

 private:
  void make_client();
  void require_open_gate(store::AccountFolder::Gated request) const;
  void require_open_gate(const OrderUse& order) const;
  void require_room(const store::Ledger& ledger, const std::vector<Token>& tokens, Time at) const;
  void reserve(const std::vector<Token>& tokens);
  void reserve_account();
  void release_account(const Error& error);
  std::optional<acme::Account> find(acme::Client& client) const;
  acme::Account registered(acme::Client& client, const std::optional<acme::Account>& before);
  void bind(acme::Client& client, acme::Registration& registration);
  void note_directory();
  template <typename Make>
  acme::Client beside(Make make);
  void use(const acme::Account& account);
  bool take_stored_key();
  void find_or_register();
  acme::Account found_or_registered();
  bool takes_accepted_key(const acme::Problem& problem);
  std::optional<acme::Account> account_of(const crypto::Signer& key);
  std::optional<acme::Account> complete_key_change();
  struct OtherKey {
    const crypto::Signer* key;
    Millis wait;
  };
  std::optional<OtherKey> other_key(const crypto::Signer& refused);
  using Standing = acme::ClientSettings::Standing;
  std::optional<Standing> regain(const acme::ClientSettings::Refused& refused);
  std::optional<Standing> find_lost_account(const acme::ClientSettings::Refused& refused);
  acme::Client client_of(const crypto::Signer& key) const;
  const store::Home& home_;
  SessionSettings settings_;
  const Limits limits_;
  store::AccountFolder folder_;
  AccountKeys keys_;
  std::mutex key_mutex_;                          // held while a thread looks for another key
  std::atomic<bool> holds_account_lock_ = false;  // in roll_over
  std::unique_ptr<net::Http> http_;
  std::unique_ptr<acme::Client> client_;
  std::mutex mutex_;                  // held while threads share client_
  std::optional<Error> unreachable_;  // why the directory or the account could not be read
  Deadline ask_again_{Millis(0)};
};

/// Opens the order at the CA, counted in the ledger (Session::reserve).
acme::Order counted_order(Session& session, acme::Client& client, const acme::OrderRequest& wanted,
                          OrderUse& use);

/// The sessions of a pass over many certificates: one for each CA and account, made on first use.
class Sessions {
 public:
  /// `common`: the settings that all share; the CA and the account come from each request.
  Sessions(const store::Home& home, SessionSettings common)
      : home_(home),
        common_(std::move(common)),
        crls_(home, {.ca_bundle = "", .ip_version = common_.ip_version, .user_agent = common_.user_agent}) {}
  Session& of(const store::Request& request);  // any thread may call
  /// At another CA than the first of the request.
  Session& at(store::Request request, const std::string& directory);
  Millis time_limit() const { return common_.time_limit; }
  Crls& crls() { return crls_; }

 private:
  const store::Home& home_;
  SessionSettings common_;
  Crls crls_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Session>> sessions_;
};

}  // namespace certo::renew
