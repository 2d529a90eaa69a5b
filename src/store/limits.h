// The limits that a CA publishes, as token buckets: data of servers.json. A bucket holds `count` tokens, and
// each request takes one; an empty bucket is full again after `span`. Its whole state is one time: when it is
// full.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "acme/limits.h"
#include "base/json.h"
#include "base/time.h"

namespace certo::store {

struct LimitRule {
  acme::Limited kind = acme::Limited::unknown;
  int64_t count = 1;
  Seconds span{};  // zero: not known; the bucket is empty only while the CA says so

  /// The time in which one token comes back, at least a second.
  Seconds refill() const;
  bool operator==(const LimitRule&) const = default;
};

/// "orders-per-account", as in servers.json and in JSON; "" for `unknown`.
std::string_view name_of(acme::Limited kind);
/// {"limit": "orders-per-account", "count": 300, "span": "3h"}. Nothing if the limit is not known to this
/// certo. Throws Error{bad_input}.
std::optional<LimitRule> parse_limit(const Json& json, const std::string& subject);

// `full`: when the bucket is full; a time that has passed means that it is.
int64_t tokens_left(const LimitRule& rule, Time full, Time now);
/// When the next token is there: `now` if one is.
Time next_token(const LimitRule& rule, Time full, Time now);
/// When the bucket is full after one more token was taken or given back.
Time after_taking(const LimitRule& rule, Time full, Time now);
Time after_giving_back(const LimitRule& rule, Time full);
/// When a bucket is full that has its next token at `at` and none before.
Time full_if_empty_until(const LimitRule& rule, Time at);

}  // namespace certo::store
