// The conversation with one CA for one account: directory, nonces, signed requests
// and their retries (RFC 8555 sections 6 and 7.1 to 7.3). It knows no files and no flags.
//
// Retries are here and not in `net`: a signed request that is sent again needs a fresh
// nonce. After badNonce the request is sent with the nonce of the refusal, at most five times
// (section 6.5). A read (POST-as-GET) is tried again after a lost connection or a 5xx;
// anything else is not, because the CA may have acted on it: the order is read instead.
// A request that is refused because of its account or key is signed again if the owner of the account knows
// better.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acme/nonces.h"
#include "acme/solver.h"
#include "acme/types.h"
#include "base/time.h"
#include "crypto/key.h"
#include "net/http.h"

namespace certo::acme {

struct ClientSettings {
  Url directory;
  std::optional<Directory> cached;  // from an earlier run; it has the URL of newNonce
  std::string account;              // account URL; empty until it is registered or found
  Deadline deadline = Deadline(Seconds(600));
  std::function<void(Millis)> pause;  // sleeps; os::sleep_for unless a test replaces it
  /// A signed request that the CA refused with "accountDoesNotExist", "malformed" or "unauthorized".
  struct Refused {
    const Problem& problem;
    const Url& url;
    const crypto::Signer& key;
    const std::string& account;
  };
  /// How to sign from now on. The key must live as long as the client.
  struct Standing {
    const crypto::Signer* key;
    std::string account;
    Millis wait{};  // before the request is sent again
  };
  /// Called when the account or its key may be the reason of a refusal. The same key may be returned if the
  /// CA is going to accept it soon. Nothing: the refusal is final.
  std::function<std::optional<Standing>(const Refused&)> regain;
};

struct Post {
  Url url;
  std::string payload;  // JSON; "" is a POST-as-GET
  size_t body_limit = 1 << 20;
  bool with_jwk = false;  // newAccount: the key itself instead of the account URL
};

class Client {
 public:
  Client(net::Transport& http, const crypto::Signer& key, ClientSettings settings);

  /// Another conversation for the same account, for another order at the same time: it shares the nonces, and
  /// has a copy of the directory. Each may be used by one thread.
  Client beside(Deadline deadline) const;

  /// Fetches the directory, and a nonce at the same time if the cache has its URL.
  /// Throws Error{unreachable} or {protocol}.
  const Directory& directory();
  /// True if the directory differs from the one that was cached.
  bool directory_changed() const { return directory_changed_; }

  /// Sends signed requests in parallel and returns the replies (2xx) in their order.
  /// Throws Refusal for the first that the CA refuses, after all have ended.
  std::vector<net::HttpReply> post_all(const std::vector<Post>& posts);
  net::HttpReply post(const Post& post);
  net::HttpReply read(const Url& url, size_t body_limit = 1 << 20) { return post({url, "", body_limit}); }
  /// An unsigned GET (renewal information, RFC 9773 section 4.1). Refusals throw.
  net::HttpReply get(const Url& url);

  /// Fetches nonces for `count` parallel requests while something else is waited for.
  void prefetch_nonces(size_t count);

  const std::string& account() const { return settings_.account; }
  void set_account(std::string url) { settings_.account = std::move(url); }
  const crypto::Signer& key() const { return *key_; }
  /// Signs with `key` from now on. It must live as long as the client.
  void set_key(const crypto::Signer& key);
  const std::string& thumbprint() const { return thumbprint_; }
  const Deadline& deadline() const { return settings_.deadline; }
  void set_deadline(Deadline deadline) { settings_.deadline = deadline; }
  /// Sleeps. Throws Error{unreachable} if the deadline would pass meanwhile.
  void pause(Millis time, const char* waiting_for);

 private:
  struct Flight;
  std::string take_nonce();
  net::Pending send(net::HttpRequest request);
  net::Pending launch(const Post& post);
  std::optional<net::HttpReply> settle(const Post& post, Flight& flight);
  bool regains(const Post& post, Flight& flight, const Problem& problem);
  void check_clock(const net::HttpReply& reply);

  net::Transport& http_;
  const crypto::Signer* key_;
  ClientSettings settings_;
  std::string thumbprint_;
  std::string lost_account_;  // URL of an account that the CA has forgotten; settings_.account took its place
  std::optional<Directory> directory_;
  bool directory_changed_ = false;
  bool clock_checked_ = false;
  std::shared_ptr<Nonces> nonces_ = std::make_shared<Nonces>();
};

}  // namespace certo::acme
