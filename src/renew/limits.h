// How much an order uses of a CA's limits, and whether so much is left. Pure functions; the clock is passed
// in. They count as Let's Encrypt's server (Boulder) does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acme/limits.h"
#include "base/error.h"
#include "crypto/name.h"
#include "store/ledger.h"

namespace certo::renew {

/// An order, as the limits see it.
struct OrderUse {
  std::vector<crypto::Identifier> identifiers;
  std::string account{};        // its URL
  bool is_renewal = false;      // the CA has lately issued for exactly these names
  bool is_replacement = false;  // of a certificate inside the window that the CA suggested (RFC 9773)
  bool is_given_up = false;     // it asks what the CA offers, and no certificate follows
  bool is_counted = false;      // in the ledger
};
/// So long after a certificate, another one for exactly its names is a renewal.
inline constexpr Seconds renewal_within = std::chrono::hours(24 * 120);

/// A token of one bucket.
struct Token {
  store::Bucket bucket{};
  bool is_required = true;  // there must be one
  bool is_taken = true;     // it is used up
};
/// Replacements need none. Renewals need none of the account's orders and the domain's certificates.
std::vector<Token> tokens_of(const OrderUse& order);
/// The same for a new account.
std::vector<Token> tokens_of_new_account();
/// The bucket of the certificates for exactly these names, and that of a name's domain.
store::Bucket bucket_of_set(const std::vector<crypto::Identifier>& identifiers);
store::Bucket bucket_of_domain(const crypto::Identifier& name);
store::Bucket bucket_of_failures(const crypto::Identifier& name, const std::string& account);

/// The limits of one CA; none if they are not known.
using Limits = std::vector<store::LimitRule>;
/// One without a span if the CA's limit is not known.
store::LimitRule rule_of(const Limits& limits, acme::Limited kind);

struct Left {
  store::LimitRule rule;
  store::Bucket bucket;
  int64_t tokens = 0;
  Time next{};  // when the next token is there
};
/// The rest of each limit, at most; nothing for limits that are not known.
std::vector<Left> left_of(const Limits& limits, const store::Ledger& ledger, const std::vector<Token>& tokens,
                          Time now);

struct Shortage {
  store::LimitRule rule;
  store::Bucket bucket;
  Time opens{};             // when the next token is there
  bool is_unknown = false;  // because the ledger was damaged
};
/// The limit that lasts longest; nothing if all required tokens are there.
std::optional<Shortage> shortage(const Limits& limits, const store::Ledger& ledger,
                                 const std::vector<Token>& tokens, Time now);
/// "the CA limits … to 5 in 7 days".
std::string sentence(const Shortage& shortage);
/// The same with what was used, until when, and what to do.
Error describe(const Shortage& shortage);

void take(const Limits& limits, store::Ledger& ledger, const std::vector<Token>& tokens, Time now);
enum class Unused { all, certificates };  // `certificates`: the order was opened, and came to nothing
void give_back(const Limits& limits, store::Ledger& ledger, const std::vector<Token>& tokens, Unused what);
/// The CA could not validate this name.
void count_failure(const Limits& limits, store::Ledger& ledger, const store::Bucket& bucket, Time now);
/// The CA has refused the order and said until when: the bucket that its text is about is empty until then.
void believe(const Limits& limits, store::Ledger& ledger, const OrderUse& order, const acme::Limit& limit,
             Time until);

}  // namespace certo::renew
