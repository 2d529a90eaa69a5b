// The part of Session that keeps to the CA's limits: those that it has answered with (gate.json), and those
// that it publishes (ledger.json).
#include <algorithm>
#include <functional>

#include "acme/flow.h"
#include "base/log.h"
#include "base/warn_once.h"
#include "renew/due.h"
#include "renew/session.h"

namespace certo::renew {
namespace {

using Gated = store::AccountFolder::Gated;

// A limit whose text is not known may be one of a single certificate, and last for days.
constexpr Seconds longest_gate_of_unknown = std::chrono::hours(1);

/// The gate that the refusal closes if the CA limits `whole`; nothing if one certificate is limited. A limit
/// without a time lasts as long as an unknown one may.
std::optional<store::AccountFolder::Gate> gate_after(const Error& error, acme::Limited whole) {
  const auto* refusal = dynamic_cast<const acme::Refusal*>(&error);
  if (!refusal || refusal->status != 429 || acme::is_paused(refusal->problem)) return {};
  const bool is_known = refusal->limit.kind == whole;
  if (!is_known && refusal->limit.kind != acme::Limited::unknown) return {};
  Time until = now() + longest_gate_of_unknown;
  if (error.retry_at) {
    const Time told = std::chrono::floor<Seconds>(*error.retry_at);
    until = std::min(told, is_known ? now() + longest_hold : until);
  }
  return store::AccountFolder::Gate{.until = until, .why = refusal->problem.detail};
}

/// Works on the ledger after a failure, which an error of the ledger must not replace.
void change_after_failure(const store::Home& home, const std::string& directory,
                          const std::function<void(store::Ledger&)>& change) {
  try {
    store::change_ledger(home, directory, now(), change);
  } catch (const Error& error) {
    log::warn_once(error.message);
  }
}

std::string gate_text(const store::AccountFolder::Gate& gate) {
  const acme::Limit limit = acme::limit_in(gate.why);
  const std::string what = limit.kind == acme::Limited::unknown ? "this account" : limit.what;
  return "the CA limits " + what + " until " + rfc3339(gate.until) + ": " + gate.why;
}

}  // namespace

GateClosed::GateClosed(const store::AccountFolder::Gate& gate)
    : Error(Exit::later, gate_text(gate), acme::limit_in(gate.why).hint) {
  retry_at = gate.until;
}

GateClosed::GateClosed(const Shortage& shortage) : Error(describe(shortage)) {}

void Session::require_open_gate(Gated request) const {
  if (std::optional<store::AccountFolder::Gate> gate = folder_.gate(request, now())) throw GateClosed(*gate);
}

void Session::require_open_gate(const OrderUse& order) const {
  const auto gate = folder_.gate(Gated::new_order, now());
  if (!gate || order.is_replacement) return;
  // If the CA's limits are known, that of new orders does not stop renewals.
  const bool is_of_orders = acme::limit_in(gate->why).kind == acme::Limited::account;
  if (!order.is_renewal || limits_.empty() || !is_of_orders) throw GateClosed(*gate);
}

void Session::require_room(const store::Ledger& ledger, const std::vector<Token>& tokens, Time at) const {
  if (settings_.if_short == IfShort::send) return;
  if (const auto short_of = shortage(limits_, ledger, tokens, at)) throw GateClosed(*short_of);
}

void Session::require_room(OrderUse order) const {
  if (!settings_.account_key.empty()) return;  // only the CA knows whose it is
  const std::optional<acme::Account> account = folder_.account();
  std::vector<Token> tokens = tokens_of_new_account();
  if (account) {
    require_open_gate(order);
    order.account = account->url;
    tokens = tokens_of(order);
  } else if (folder_.key()) {
    return;  // it may have an account
  }
  const Time at = now();
  store::change_ledger(home_, settings_.directory, at,
                       [&](const store::Ledger& ledger) { require_room(ledger, tokens, at); });
}

void Session::reserve(OrderUse& order) {
  require_open_gate(order);
  reserve(tokens_of(order));
  order.is_counted = true;
}

void Session::reserve(const std::vector<Token>& tokens) {
  const Time at = now();
  store::change_ledger(home_, settings_.directory, at, [&](store::Ledger& ledger) {
    require_room(ledger, tokens, at);
    take(limits_, ledger, tokens, at);
  });
}

void Session::release(OrderUse& order) {
  if (!order.is_counted) return;
  order.is_counted = false;
  change_after_failure(home_, settings_.directory, [&](store::Ledger& ledger) {
    give_back(limits_, ledger, tokens_of(order), Unused::all);
  });
}

void Session::reserve_account() {
  require_open_gate(Gated::new_account);
  reserve(tokens_of_new_account());
}

void Session::release_account(const Error& error) {
  if (const auto gate = gate_after(error, acme::Limited::address))
    folder_.close_gate(Gated::new_account, *gate);
  if (error.code == Exit::unreachable) return;  // perhaps the CA has made it
  change_after_failure(home_, settings_.directory, [&](store::Ledger& ledger) {
    give_back(limits_, ledger, tokens_of_new_account(), Unused::all);
  });
}

void Session::note(const Error& error, const OrderUse& order) {
  {
    const std::lock_guard guard(mutex_);
    if (!client_ || client_->account().empty()) return;  // the refusal of a registration
    if (const auto gate = gate_after(error, acme::Limited::account))
      folder_.close_gate(Gated::new_order, *gate);
  }
  if (order.account.empty()) return;
  const auto* const refusal = dynamic_cast<const acme::Refusal*>(&error);
  const auto* const unproven = dynamic_cast<const acme::Unproven*>(&error);
  const bool is_limit = refusal && refusal->status == 429 && !acme::is_paused(refusal->problem);
  const Time at = now();
  if (!refusal && !unproven) return;
  change_after_failure(home_, settings_.directory, [&](store::Ledger& ledger) {
    if (is_limit && error.retry_at)
      believe(limits_, ledger, order, refusal->limit,
              std::min(std::chrono::floor<Seconds>(*error.retry_at), at + longest_hold));
    if (!is_limit && order.is_counted) give_back(limits_, ledger, tokens_of(order), Unused::certificates);
    if (!unproven) return;
    for (const auto& [name, reason] : unproven->names)
      count_failure(limits_, ledger, bucket_of_failures({"dns", name}, order.account), at);
  });
}

acme::Order counted_order(Session& session, acme::Client& client, const acme::OrderRequest& wanted,
                          OrderUse& use) {
  session.reserve(use);
  try {
    return acme::new_order(client, wanted);
  } catch (const acme::Refusal&) {
    session.release(use);
    throw;
  }
}

}  // namespace certo::renew
