#include "renew/issue.h"

#include <algorithm>

#include "acme/ari.h"
#include "acme/flow.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/coming_key.h"
#include "crypto/csr.h"
#include "renew/due.h"
#include "renew/refresh.h"
#include "renew/stuck.h"
#include "store/test_certificate.h"

namespace certo::renew {
namespace {

// A person has to open a page before a paused account may ask again.
constexpr Seconds rest_while_paused = std::chrono::hours(24);

/// The key of the next version: that of an earlier run, a new one, or one that is elsewhere and known by its
/// CSR.
class NextKey {
 public:
  NextKey(const store::Entry& entry, const store::Request& request) : entry_(entry), request_(request) {
    const std::string csr = entry.next_csr();
    if (csr != request.csr) entry.drop_next();  // it is for another key
    if (!request.csr.empty()) {
      csr_ = crypto::parse_csr_pem(request.csr, entry.name() + ": its CSR");
      is_old_ = csr == request.csr;
      if (!is_old_) entry.save_next_csr(request.csr);
      return;
    }
    key_ = entry.next_key();
    is_old_ = key_ && key_->public_key().type == request.key_type;
    if (!is_old_) coming_.emplace(request.key_type);
  }
  /// True when an order of an earlier run may have been finalized with it.
  bool is_old() const { return is_old_; }

  /// SubjectPublicKeyInfo, DER.
  Bytes spki(const Deadline& deadline) { return csr_ ? csr_->spki : get(deadline).public_key().spki; }

  /// DER. Its key is on disk when this returns.
  Bytes csr(const Deadline& deadline) {
    return csr_ ? csr_->der : crypto::make_csr(get(deadline), request_.identifiers);
  }

 private:
  const crypto::PrivateKey& get(const Deadline& deadline) {
    if (coming_) {
      key_ = coming_->get(deadline);
      coming_.reset();
      entry_.save_next_key(*key_);
    }
    return *key_;
  }

  const store::Entry& entry_;
  const store::Request& request_;
  std::optional<crypto::Csr> csr_;
  std::optional<crypto::PrivateKey> key_;
  std::optional<crypto::ComingKey> coming_;
  bool is_old_ = false;
};

/// The order that an earlier run opened for the same request, as it is now at the CA. Without the key of that
/// run it is of use only as long as it was not finalized.
std::optional<acme::Order> order_in_flight(acme::Client& client, const store::Entry& entry,
                                           const store::Request& request, bool has_its_key) {
  std::optional<acme::Document> document = entry.next_order();
  if (!document || document->directory != request.directory || document->account != client.account())
    return {};
  if (!crypto::same_set(document->order.identifiers, request.identifiers)) return {};
  if (document->order.profile != request.profile) return {};
  try {
    acme::Order order = acme::read_order(client, document->order);
    const bool is_open =
        order.status == acme::OrderStatus::pending || order.status == acme::OrderStatus::ready;
    if (order.status == acme::OrderStatus::invalid || (!is_open && !has_its_key)) return {};
    if (is_stuck(client, entry, order)) {
      log::say(entry.name() + ": the CA did not validate its order in two runs; opening a new one");
      acme::deactivate_authorizations(client, order);
      return {};
    }
    return order;
  } catch (const acme::Refusal& refusal) {
    if (refusal.code != Exit::failed) throw;
    return {};  // the CA has forgotten it
  }
}

/// The identifier of the live certificate, which must share a name with the order (RFC 9773 section 5).
std::string replaced_id(const store::Entry& entry, const store::Request& request) {
  const auto is_asked = [&](const crypto::Identifier& name) {
    return std::ranges::find(request.identifiers, name) != request.identifiers.end();
  };
  try {
    // Another CA's certificate?
    if (!entry.exists() || entry.request().directory != request.directory) return {};
    const std::optional<store::Live> live = entry.live();
    if (live && std::ranges::any_of(live->chain.front().identifiers, is_asked))
      return acme::renewal_id(live->chain.front()).value_or("");
  } catch (const Error&) {  // a damaged pair is replaced all the same
  }
  return {};
}

/// CAs exempt an order from all limits if it replaces a certificate inside the window that they suggested
/// (RFC 9773 section 4.3 and 5).
bool is_exempt(acme::Client& client, const store::Status& status, const std::string& replaces, Time now) {
  return !replaces.empty() && client.directory().renewal_info && status.window_start && status.window_end &&
         *status.window_start <= now && now < *status.window_end;
}

acme::Order open_order(Session& session, acme::Client& client, const store::Entry& entry,
                       const store::Request& request) {
  const std::string replaces = replaced_id(entry, request);
  if (!is_exempt(client, entry.status(), replaces, now())) session.require_open_gate();
  acme::Order order = acme::new_order(
      client, {.identifiers = request.identifiers, .profile = request.profile, .replaces = replaces});
  log::verbose("the CA has opened the order " + order.url.text);
  acme::Order asked = order;
  asked.profile = request.profile;  // a CA may name the one that it chose if none was requested
  entry.save_next_order({.directory = request.directory,
                         .account = client.account(),
                         .order = asked,
                         .csr_pem = "",
                         .records = {}});
  return order;
}

void warn_of_extra_names(const std::vector<crypto::Identifier>& extra) {
  for (const crypto::Identifier& name : extra)
    log::warn("the CA added " + name.value + ", which was not requested");
}

store::Status status_after(const store::Entry& entry, const store::Request& request, const store::Live& live,
                           Time now) {
  const crypto::Certificate& leaf = live.chain.front();
  store::Status status;
  status.not_after = leaf.not_after;
  status.due = due_by_lifetime(leaf.not_before, leaf.not_after, spread_of(entry));
  status.ari_again = now;  // the next pass asks the CA, when nobody waits for it
  status.live = entry.live_fingerprint();
  status.checked = now;
  status.request = entry.request_fingerprint();
  status.wishes = store::digest(request);
  return status;
}

/// A limit lasts until the CA's time, neither shorter nor longer; after other failures the waits grow.
Time next_try(const Error& error, const store::Status& status, Time now) {
  const Time next = now + back_off(status.failures, now, status.not_after, status.failing_since);
  const auto* refusal = dynamic_cast<const acme::Refusal*>(&error);
  if (refusal && acme::is_paused(refusal->problem)) return std::max(next, now + rest_while_paused);
  if (!error.retry_at) return next;
  const Time told = std::min(std::chrono::floor<Seconds>(*error.retry_at), now + longest_hold);
  const bool is_limit = refusal && refusal->status == 429 && told > now;
  return is_limit ? told : std::max(next, told);
}

IssueResult order_and_store(Session& session, acme::Client& client, const store::Entry& entry,
                            const store::Request& request, NextKey& key, acme::Solver& solver,
                            bool allow_older) {
  std::optional<acme::Order> in_flight = order_in_flight(client, entry, request, key.is_old());
  if (!in_flight) {
    entry.drop_next_order();
    solver.prepare();
  } else {
    log::verbose("continuing the order " + in_flight->url.text);
  }
  acme::Order order = in_flight ? *in_flight : open_order(session, client, entry, request);

  order = acme::solve(client, std::move(order), solver, acme::LastRead::just_now);
  forget_stuck(entry);
  order = acme::complete(
      client, std::move(order), [&] { return key.csr(client.deadline()); },
      request.csr.empty() ? acme::CsrFrom::certo : acme::CsrFrom::user, acme::LastRead::just_now);
  std::vector<crypto::Certificate> chain = acme::download(client, order, request.preferred_chain);
  log::verbose("downloaded the certificate by " + chain.front().issuer_cn);
  const crypto::Wanted wanted{.spki = key.spki(client.deadline()),
                              .identifiers = request.identifiers,
                              .allows_weak_issuers = session.allows_weak_issuers()};
  warn_of_extra_names(crypto::check_chain(chain, wanted, now()));

  // Before the switch: a run that dies here leaves an order that `renew` can take up as well.
  if (!entry.exists() || entry.request() != request) entry.save(request);
  entry.save_next_directory(request.directory);
  IssueResult result{.live = entry.finish(chain, allow_older), .resumed = in_flight.has_value()};
  const store::Status status = status_after(entry, request, result.live, now());
  entry.save(status);
  log::verbose("stored in " + result.live.folder + "; it is live now");
  result.due = status.due;
  return result;
}

}  // namespace

IssueResult issue(Session& session, const store::Home& home, const store::Entry& entry,
                  const store::Request& request, const challenge::SolverSettings& solving, bool allow_older) {
  home.prepare();
  store::keep_apart(home, entry, request.directory);
  std::unique_ptr<acme::Solver> solver = challenge::make_solver(home, request.ways, solving);
  NextKey key(entry, request);
  for (bool is_again = false;; is_again = true) {
    std::string thumbprint;
    try {
      acme::Client client = session.order_client();
      thumbprint = client.thumbprint();
      log::verbose("by the account " + client.account());
      return order_and_store(session, client, entry, request, key, *solver, allow_older);
    } catch (const acme::Stuck& stuck) {
      note_stuck(entry, stuck.order);
      throw;
    } catch (const Error& error) {
      session.note(error);
      // An order whose answers broke the protocol would break it again.
      if (error.code == Exit::protocol) entry.drop_next_order();
      if (is_again || thumbprint.empty() || !session.has_other_key(thumbprint)) throw;
      log::verbose(entry.name() + ": the account's key was changed meanwhile; trying again (" +
                   error.message + ")");
    }
  }
}

void note_failure(const store::Entry& entry, const Error& error, Time now) {
  if (error.code == Exit::person_needed) return;
  store::Status status = entry.status();
  ++status.failures;
  if (!status.failing_since) status.failing_since = now;
  status.last_error = printable(error.message);
  status.retry_at = next_try(error, status, now);
  entry.save(status);
}

void note_wait(const store::Entry& entry, const GateClosed& closed, Time now) {
  store::Status status = entry.status();
  status.last_error = printable(closed.message);
  Time until = std::chrono::floor<Seconds>(*closed.retry_at);
  // Inside the window the CA makes an exception.
  if (status.window_start && *status.window_start > now) until = std::min(until, *status.window_start);
  status.retry_at = until;
  entry.save(status);
}

}  // namespace certo::renew
