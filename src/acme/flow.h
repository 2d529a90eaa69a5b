// The path of one order: pending, ready, processing, valid. It begins by reading the
// order, so it continues an order at any point at which a run that died, or another host, left it.
#pragma once

#include <functional>

#include "acme/order.h"
#include "acme/solver.h"

namespace certo::acme {

/// The deadline passed before the CA had validated the challenges that certo answered.
struct Stuck : Error {
  explicit Stuck(Order pending);
  Order order;  // as it was last read
};

/// The CA did not find names proven, or made the order invalid.
struct Unproven : Error {
  using Error::Error;
  explicit Unproven(const Error& error) : Error(error) {}
  std::vector<std::pair<std::string, std::string>> names{};  // "*.a.example" and why
  std::optional<Problem> order_problem{};                    // if no name alone is the reason
  bool has_other_answer = false;                             // the CA saw something, but not the right thing
};

/// Whether the order was read (or opened) a moment ago, and need not be read again.
enum class LastRead { just_now, earlier };

/// Brings a pending order to `ready` (or leaves it if it is further already). Answers each
/// pending authorization by the first challenge that `solver` can fulfil; always cleans up.
/// Throws Error{failed} with the CA's words when a validation fails, Error{config} when the CA
/// offers no challenge that the solver can fulfil, Stuck or another Error{unreachable} at the deadline.
Order solve(Client& client, Order order, Solver& solver, LastRead last_read = LastRead::earlier);

/// Brings a ready order to `valid`: finalizes with `csr` (called only when the order is
/// ready, DER), waits while it is processing. Throws Error{failed} when it turns invalid, {bad_input} while
/// it is still pending, {later} when the CA is still processing at the deadline.
Order complete(Client& client, Order order, const std::function<Bytes()>& csr, CsrFrom from,
               LastRead last_read = LastRead::earlier);

/// Throws the reason why an order is invalid: that of its authorizations, else the order's error.
[[noreturn]] void throw_invalid(Client& client, Order order);

}  // namespace certo::acme
