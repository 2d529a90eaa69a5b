#include "renew/issue.h"

#include <algorithm>

#include "acme/ari.h"
#include "acme/flow.h"
#include "base/log.h"
#include "base/text.h"
#include "renew/due.h"
#include "renew/refresh.h"
#include "renew/stuck.h"
#include "renew/terms.h"
#include "store/lifetime.h"
#include "store/persist_offer.h"
#include "store/test_certificate.h"
#include "webserver/edit_journal.h"

namespace certo::renew {
namespace {

// A person has to open a page before a paused account may ask again.
constexpr Seconds rest_while_paused = std::chrono::hours(24);

bool is_for(const acme::Order& order, const store::Request& request) {
  if (!request.allow_subset) return crypto::same_set(order.identifiers, request.identifiers);
  return std::ranges::all_of(order.identifiers, [&](const crypto::Identifier& one) {
    return std::ranges::find(request.identifiers, one) != request.identifiers.end();
  });
}

/// The order that an earlier run opened for the same request, as it is now at the CA. Without the key of that
/// run it is of use only as long as it was not finalized.
std::optional<acme::Order> order_in_flight(const Session& session, acme::Client& client,
                                           const store::Entry& entry, const store::Request& request,
                                           const std::string& profile, bool has_its_key) {
  std::optional<acme::Document> document = entry.next_order();
  if (!document || document->directory != session.directory() || document->account != client.account())
    return {};
  if (!is_for(document->order, request) || document->order.profile != profile) return {};
  try {
    acme::Order order = acme::read_order(client, document->order);
    const bool is_open =
        order.status == acme::OrderStatus::pending || order.status == acme::OrderStatus::ready;
    if (order.status == acme::OrderStatus::invalid || (!is_open && !has_its_key)) return {};
    if (is_stuck(client, entry, order)) {
      log::say(entry.name() + ": the CA did not validate its order in two runs; opening a new one");
      acme::deactivate_authorizations(client, order, acme::AuthorizationStatus::pending);
      return {};
    }
    return order;
  } catch (const acme::Refusal& refusal) {
    if (refusal.code != Exit::failed) throw;
    return {};  // the CA has forgotten it
  }
}

struct Predecessor {
  std::string id;               // RFC 9773; "" if there is none that the order can replace
  bool has_same_names = false;  // and is not older than what a CA takes for a renewal
};

/// The live certificate, which must share a name with the order (RFC 9773 section 5).
Predecessor predecessor(const Session& session, const store::Entry& entry, const store::Request& request,
                        const std::vector<crypto::Identifier>& names) {
  const auto is_asked = [&](const crypto::Identifier& name) {
    return std::ranges::find(request.identifiers, name) != request.identifiers.end();
  };
  try {
    // Another CA's certificate?
    if (!entry.exists() || entry.issued_by() != session.directory()) return {};
    const std::optional<store::Live> live = entry.live();
    if (!live) return {};
    const crypto::Certificate& leaf = live->chain.front();
    if (std::ranges::any_of(leaf.identifiers, is_asked))
      return {acme::renewal_id(leaf).value_or(""),
              crypto::same_set(leaf.identifiers, names) && now() - leaf.not_before < renewal_within};
  } catch (const Error&) {  // a damaged pair is replaced all the same
  }
  return {};
}

/// CAs exempt an order from all limits if it replaces a certificate inside the window that they suggested
/// (RFC 9773 section 4.3 and 5).
bool is_exempt(const store::Status& status, const std::string& replaces, Time now) {
  return !replaces.empty() && is_in_window(status, now);
}

/// Before anything is sent: is there room for the order, as far as is known?
void require_room(const Session& session, const store::Entry& entry, const store::Request& request) {
  if (entry.next_order()) return;  // it was counted when it was opened
  const Predecessor before = predecessor(session, entry, request, request.identifiers);
  session.require_room({.identifiers = request.identifiers,
                        .is_renewal = before.has_same_names,
                        .is_replacement = is_exempt(entry.status(), before.id, now())});
}

/// What the CA accepts is in the challenges of an order. Before there is one, what it said the last time
/// counts, else the names of its directory.
acme::Applicant applicant(Session& session, acme::Client& client,
                          const std::vector<crypto::Identifier>& identifiers) {
  acme::Applicant applicant{identifiers, store::persist_offer(session.folder())};
  if (applicant.persist.issuers.empty()) applicant.persist.issuers = client.directory().caa_identities;
  applicant.persist.account_uris.push_back(client.account());
  return applicant;
}

acme::Order open_order(Session& session, acme::Client& client, const store::Entry& entry,
                       const store::Request& request, acme::OrderRequest wanted, OrderUse& use) {
  const Predecessor before = predecessor(session, entry, request, wanted.identifiers);
  wanted.replaces = before.id;
  use.is_renewal = before.has_same_names;
  use.is_replacement = client.directory().renewal_info && is_exempt(entry.status(), wanted.replaces, now());
  acme::Order order = counted_order(session, client, wanted, use);
  log::verbose("the CA has opened the order " + order.url.text);
  acme::Order asked = order;
  asked.profile = wanted.profile;  // a CA may name the one that it chose if none was requested
  entry.save_next_order({.directory = session.directory(),
                         .account = client.account(),
                         .order = asked,
                         .csr_pem = "",
                         .records = {}});
  return order;
}

/// What the certificate has other than it was requested, and a server may use all the same.
void warn_of_differences(const std::vector<crypto::Identifier>& extra, const crypto::Certificate& leaf,
                         const store::Request& request, const acme::OrderRequest& order) {
  constexpr Seconds tolerance = std::chrono::hours(1);
  for (const crypto::Identifier& name : extra)
    log::warn("the CA added " + name.value + ", which was not requested");
  if (order.not_after && leaf.not_after > *order.not_after + tolerance)
    log::warn("the CA did not take the requested end: the certificate is valid until " +
              rfc3339(leaf.not_after));
  if (leaf.not_before > now() + tolerance)
    log::warn("servers must not use the certificate before " + rfc3339(leaf.not_before));
  if (request.must_staple && !leaf.must_staple)
    log::warn("the CA left out the TLS feature extension (--must-staple)");
  const Seconds lifetime = leaf.not_after - leaf.not_before;
  if (!request.renew_before.empty() &&
      store::parse_renew_before(request.renew_before).of(lifetime) >= lifetime)
    log::warn("the certificate is valid for " + spoken_duration(lifetime.count()) +
              " only, so --renew-before " + request.renew_before +
              " does not count; it is renewed when a third is left");
}

store::Status status_after(const store::Entry& entry, const store::Request& request, const store::Live& live,
                           const std::vector<LeftOut>& left_out, Time now) {
  const crypto::Certificate& leaf = live.chain.front();
  store::Status status;
  status.not_after = leaf.not_after;
  status.due = due_by_request(request, leaf.not_before, leaf.not_after, spread_of(entry));
  status.missing = missing_names(request, leaf);
  if (!left_out.empty()) status.last_error = printable("issued without " + describe(left_out));
  status.ari_again = now;  // the next pass asks the CA, when nobody waits for it
  status.live = entry.live_fingerprint();
  // A record of dns-persist-01 is looked at by the next pass, with the pair.
  const auto is_persistent = [](const store::Way* way) {
    return std::holds_alternative<store::DnsPersist>(*way);
  };
  if (std::ranges::none_of(request.ways.all(), is_persistent)) status.checked = now;
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

/// The certificate is live, so a failure is only a warning.
void deactivate_authorizations(acme::Client& client, const store::Entry& entry, acme::Order order) {
  const size_t all = order.authorization_urls.size();
  size_t done = 0;
  try {
    acme::read_authorizations(client, order);
    done = acme::deactivate_authorizations(client, order, acme::AuthorizationStatus::valid);
  } catch (const Error& error) {
    log::verbose(error.message);
  }
  if (done == all) return log::verbose("deactivated its authorizations");
  log::warn(entry.name() + ": the CA has deactivated " + std::to_string(done) + " of its " +
            std::to_string(all) + " authorizations; 'certo account deauthorize' tries again");
}

/// One issue, which may take several orders.
struct Issue {
  Session& session;
  const store::Home& home;
  const store::Entry& entry;
  const store::Request& request;
  const IssueOptions& options;
  NextKey key;
  std::unique_ptr<acme::Solver> solver;
  std::vector<LeftOut> left_out{};
  size_t orders = 0;
  OrderUse use{};  // the order at work

  std::vector<crypto::Identifier> names_left() const {
    std::vector<crypto::Identifier> names = request.identifiers;
    std::erase_if(names, [&](const crypto::Identifier& one) {
      return std::ranges::find(left_out, one, &LeftOut::identifier) != left_out.end();
    });
    return names;
  }

  IssueResult order_and_store(acme::Client& client);
  bool leave_out(const Error& error);
};

IssueResult Issue::order_and_store(acme::Client& client) {
  acme::OrderRequest wanted = order_for(home, request, client.directory(), now());
  wanted.identifiers = names_left();
  const std::optional<acme::Order> in_flight =
      order_in_flight(session, client, entry, request, wanted.profile, key.is_old());
  if (!in_flight) {
    entry.drop_next_order();
    locally([&] { solver->prepare(); });
    solver->check(applicant(session, client, wanted.identifiers));
  } else {
    log::verbose("continuing the order " + in_flight->url.text);
    wanted.identifiers = in_flight->identifiers;
  }
  use = {.identifiers = wanted.identifiers, .account = client.account()};
  acme::Order order = in_flight ? *in_flight : open_order(session, client, entry, request, wanted, use);

  order = acme::solve(client, std::move(order), *solver, acme::LastRead::just_now);
  session.note_challenge_types(order);
  forget_stuck(entry);
  order = acme::complete(
      client, std::move(order), [&] { return key.csr(wanted.identifiers, client.deadline()); },
      request.csr.empty() ? acme::CsrFrom::certo : acme::CsrFrom::user, acme::LastRead::just_now);
  const std::vector<crypto::Certificate> chain = acme::download(client, order, request.preferred_chain);
  log::verbose("downloaded the certificate by " + chain.front().issuer_cn);
  const crypto::Wanted certificate{.spki = key.spki(client.deadline()),
                                   .identifiers = wanted.identifiers,
                                   .allows_weak_issuers = session.allows_weak_issuers(),
                                   .starts = wanted.not_before.value_or(Time{})};
  warn_of_differences(crypto::check_chain(chain, certificate, now()), chain.front(), request, wanted);

  for (const crypto::Identifier& one : names_left())
    if (std::ranges::find(wanted.identifiers, one) == wanted.identifiers.end())
      left_out.push_back({one, "the order that was continued is without it"});
  // Before the switch: a run that dies here leaves an order that `renew` can take up as well.
  if (!entry.exists() || entry.request() != request) entry.save(request);
  entry.save_next_directory(session.directory());
  IssueResult result{.live = entry.finish(chain, options.allow_older),
                     .resumed = in_flight.has_value(),
                     .left_out = std::move(left_out)};
  const store::Status status = status_after(entry, request, result.live, result.left_out, now());
  entry.save(status);
  log::verbose("stored in " + result.live.folder + "; it is live now");
  result.due = status.due;
  if (request.deactivate_authorizations) deactivate_authorizations(client, entry, std::move(order));
  return result;
}

/// True if another order without the names that the CA refuses makes sense.
bool Issue::leave_out(const Error& error) {
  constexpr size_t most_orders = 4;  // nearly always the second one succeeds
  if (!request.allow_subset) return false;
  const std::vector<LeftOut> refused = refused_names(error, names_left());
  if (refused.empty() || refused.size() == names_left().size() || ++orders == most_orders) return false;
  log::say(entry.name() + ": ordering again without " + describe(refused));
  left_out.insert(left_out.end(), refused.begin(), refused.end());
  entry.drop_next_order();
  return true;
}

}  // namespace

IssueResult issue(Session& session, const store::Home& home, const store::Entry& entry,
                  const store::Request& request, const challenge::SolverSettings& solving,
                  const IssueOptions& options) {
  home.prepare();
  store::keep_apart(home, entry, session.directory());
  challenge::SolverSettings settings = solving;
  settings.edit_journal = webserver::edit_journal_of(entry.folder());
  std::unique_ptr<acme::Solver> solver =
      locally([&] { return challenge::make_solver(home, request.ways, settings); });
  require_room(session, entry, request);
  Issue one{.session = session,
            .home = home,
            .entry = entry,
            .request = request,
            .options = options,
            .key = NextKey(entry, request, options.key),
            .solver = std::move(solver)};
  for (bool is_again = false;;) {
    std::string thumbprint;
    try {
      one.use = {};
      acme::Client client = session.order_client();
      thumbprint = client.thumbprint();
      log::verbose("by the account " + client.account());
      return one.order_and_store(client);
    } catch (const acme::Stuck& stuck) {
      note_stuck(entry, stuck.order);
      throw;
    } catch (const Error& error) {
      session.note(error, one.use);
      if (one.leave_out(error)) continue;
      // An order whose answers broke the protocol would break it again. A CA may leave an order pending
      // although one of its challenges has failed for good (smallstep's code).
      const bool is_unproven = dynamic_cast<const acme::Unproven*>(&error) != nullptr;
      if (error.code == Exit::protocol || is_unproven) entry.drop_next_order();
      if (is_again || thumbprint.empty() || !session.has_other_key(thumbprint)) throw;
      log::verbose(entry.name() + ": the account's key was changed meanwhile; trying again (" +
                   error.message + ")");
      is_again = true;
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
