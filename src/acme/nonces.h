// Nonces (RFC 8555 section 6.5). A nonce is good for one request; every reply brings a new one, and so does
// an error reply. All orders of an account share the pool. Any thread may call.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "net/http.h"

namespace certo::acme {

class Nonces {
 public:
  /// The one in Replay-Nonce; "" if it is absent or invalid ("clients MUST ignore" those, 6.5.1).
  static std::string in(const net::HttpReply& reply);

  void keep(const net::HttpReply& reply);
  std::optional<std::string> take();

  // Replies of newNonce that have not come yet.
  void expect(net::Pending reply);
  std::optional<net::Pending> take_expected();
  void forget_expected();

  size_t count() const;  // kept and expected

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> kept_;
  std::deque<net::Pending> expected_;
};

}  // namespace certo::acme
