// How often the CA is asked about an order. Pure functions of what it said and of how long it has been asked.
//
// How Retry-After is read. While a validation is active, "the server … MAY include a Retry-After header field
// to suggest a polling interval" (RFC 8555 section 7.5.1): a suggestion for the steady state, from servers
// that send 3 or 5 s by habit although most validations take less. So certo polls early, lets its interval
// grow, and adopts the suggestion as the interval that it grows to: a server that suggests 3 s is polled five
// times in its first 4 s and every 3 s from then on. Without a suggestion (0 is not one) the interval grows
// to 30 s, so that an order that does not move costs the CA at most 60 requests in ten minutes. On a 429 or
// 503 (section 6.6, RFC 9110 section 10.2.3) Retry-After is not a suggestion: nothing is sent before it.
#pragma once

#include <cstddef>
#include <optional>

#include "base/time.h"

namespace certo::acme {

/// The wait before poll number `attempt` (from 0) of an order.
Millis next_poll(int attempt, std::optional<Seconds> suggested);

/// How long an order has been polled, and when its authorizations were last read meanwhile.
struct Polled {
  int attempts = 0;
  Millis elapsed{}, last_look{};
  void add(Millis wait) {
    ++attempts;
    elapsed += wait;
  }
};

/// Whether to read the authorizations of a pending order after this poll, to find one that failed while the
/// order is still pending. It costs one request for each of them.
bool is_look_due(const Polled& polled, size_t authorizations);
/// The wait before the authorizations are read again, if they are polled themselves.
Millis next_look(const Polled& polled, size_t authorizations);

}  // namespace certo::acme
