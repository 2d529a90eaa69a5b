// How long to wait. Pure functions of what a server said and of how often it was asked.
//
// How Retry-After is read. While a validation is active, "the server … MAY include a
// Retry-After header field to suggest a polling interval" (RFC 8555 section 7.5.1): a
// suggestion for the steady state, from servers that send 3 or 5 s by habit although most
// validations take less. So certo looks early, lets its interval grow, and adopts the
// suggestion as the interval that it grows to: a server that suggests 3 s is asked five times in
// its first 4 s and every 3 s from then on. On a 429 or 503 (section 6.6, RFC 9110 section 10.2.3)
// Retry-After is not a suggestion: nothing is sent before it.
#pragma once

#include <optional>

#include "base/time.h"

namespace certo::acme {

/// The wait before poll number `attempt` (from 0) of an order or authorization.
Millis next_poll(int attempt, std::optional<Seconds> suggested);

}  // namespace certo::acme
