// ca/<ca>/ledger.json: what this machine has used of a CA's limits, over all its accounts there. The CA
// counts for itself, and other machines may use the same limits, so it is a lower bound.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"
#include "store/home.h"
#include "store/limits.h"

namespace certo::store {

/// What a limit counts for.
struct Bucket {
  acme::Limited kind = acme::Limited::unknown;
  std::string account{};  // its URL; "" if the limit counts for all accounts
  std::string of{};       // "example.com"; "" for all requests of the account or the address
  auto operator<=>(const Bucket&) const = default;
};

class Ledger {
 public:
  /// When it is full; a time that has passed if nothing is known of it.
  Time full(const Bucket& bucket) const;
  void set(const Bucket& bucket, Time full) { full_[bucket] = full; }
  const std::map<Bucket, Time>& all() const { return full_; }

  /// Nothing was known at this time, because the file was damaged.
  std::optional<Time> lost{};
  /// The time at which it was stored, by the clock of then. If that clock was ahead, all times are.
  std::optional<Time> written{};
  void set_back(Time now);
  /// When the bucket has its next token, as far as is known. If what was used is lost, the limits count as
  /// used until a token has certainly come back, but for an hour at most: then the CA's answers say more.
  Time next_token(const LimitRule& rule, const Bucket& bucket, Time now) const;
  int64_t tokens_left(const LimitRule& rule, const Bucket& bucket, Time now) const;

  /// Forgets buckets that are full, and those that are full first if there are too many.
  void trim(Time now);
  bool operator==(const Ledger&) const = default;

 private:
  std::map<Bucket, Time> full_;
};

Json to_json(const Ledger& ledger);
/// Throws Error{bad_input}.
Ledger parse_ledger(std::string_view text, const std::string& subject);

/// The ledger as it is now, for showing it.
Ledger read_ledger(const Home& home, const std::string& directory_url, Time now);
/// Lets `change` work on the ledger, and stores it if it has changed; no other process does that meanwhile. A
/// damaged file is set aside, that of a newer certo stays, and a ledger that cannot be stored is mentioned.
/// What `change` throws leaves the file as it was.
void change_ledger(const Home& home, const std::string& directory_url, Time now,
                   const std::function<void(Ledger&)>& change);

}  // namespace certo::store
