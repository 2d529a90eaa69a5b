#include "renew/refresh.h"

#include <algorithm>

#include "acme/ari.h"
#include "base/log.h"
#include "base/text.h"
#include "challenge/dns_persist.h"
#include "os/machine.h"
#include "renew/due.h"
#include "store/persist_offer.h"
#include "store/rekey.h"
#include "store/version.h"

namespace certo::renew {
namespace {

constexpr const char* revoked = "it was revoked";
constexpr Seconds full_check_every = std::chrono::hours(24);
constexpr Seconds ask_again_after_failure = std::chrono::hours(1);

/// The files on disk, without reading them.
struct Seen {
  std::optional<store::LiveFingerprint> live;
  std::optional<os::Fingerprint> request;
};

bool must_be_read(const store::Status& status, const store::Entry& entry, const Seen& seen, Time now) {
  return !seen.live || store::is_rekey_owed(entry) || status.live != seen.live ||
         status.request != seen.request || status.due == Time{} || now - status.checked >= full_check_every;
}

/// Why an undamaged pair must be replaced; "" if it need not be.
std::string complaint(store::Status& status, const store::Entry& entry, const store::Live& live,
                      const store::Request& request, bool is_another) {
  if (entry.is_revoked(live.version)) return revoked;
  if (store::is_compromised(entry, live.chain.front().spki)) return "its key is compromised";
  // The request of a pair that this status does not describe is not known.
  if (is_another) status.wishes.clear();
  std::string difference = renew::difference(request, live.chain.front(), status.wishes);
  if (difference.empty()) status.wishes = store::digest(request);
  return difference;
}

void choose_due(store::Status& status, const store::Entry& entry, const store::Request& request,
                const crypto::Certificate& leaf) {
  const uint64_t spread = spread_of(entry);
  status.due = status.window_start && status.window_end
                   ? due_in_window(request, leaf, *status.window_start, *status.window_end, spread)
                   : due_by_request(request, leaf.not_before, leaf.not_after, spread);
}

/// Reads and matches the pair; a missing or incomplete pair is due now.
void check_pair(store::Status& status, const store::Entry& entry, Seen seen, Time now) {
  const store::Request request = entry.request();
  const bool is_another = status.live != seen.live, is_changed = status.request != seen.request;
  status.checked = now;
  status.renew_because.clear();
  if (status.request && is_changed) status.retry_at = {};  // a person is at work on it
  status.request = seen.request;
  try {
    std::optional<store::Live> live = entry.live();
    if (!live) {
      status.due = now;
      return;
    }
    const crypto::Certificate& leaf = live->chain.front();
    status.not_after = leaf.not_after;
    status.live = std::move(seen.live);
    status.renew_because = complaint(status, entry, *live, request, is_another);
    status.missing = missing_names(request, leaf);
    if (is_another || status.due == Time{}) {
      status.due = due_by_request(request, leaf.not_before, leaf.not_after, spread_of(entry));
      status.window_start = status.window_end = {};
      status.ari_again = now;
    } else if (is_changed) {
      choose_due(status, entry, request, leaf);
    }
  } catch (const Error& error) {
    status.renew_because = "it is damaged";
    status.live = {};
    status.last_error = printable(error.message);
    log::warn(entry.name() + ": " + error.message + "; it will be renewed");
  }
}

void take_window(store::Status& status, const store::Entry& entry, const crypto::Certificate& leaf,
                 const acme::RenewalInfo& info, Time now) {
  status.ari_again = now + info.ask_again;
  status.ari_explanation = printable(info.explanation_url);
  if (status.window_start == info.start && status.window_end == info.end) return;  // the instant is kept
  status.window_start = info.start;
  status.window_end = info.end;
  choose_due(status, entry, entry.request(), leaf);
}

/// The names that are proven by dns-persist-01 in this way.
std::vector<crypto::Identifier> proven_by(const store::Request& request, const store::Way& way) {
  std::vector<crypto::Identifier> names;
  for (const crypto::Identifier& one : request.identifiers)
    if (&request.ways.of(one) == &way) names.push_back(one);
  return names;
}

/// A renewal is far away, and the record of dns-persist-01 may end before. If DNS does not answer, what it
/// said before stays.
void look_at_record(store::Status& status, const store::Entry& entry, Sessions& sessions, Time now) {
  constexpr Millis answer_within = Seconds(10);
  try {
    const store::Request request = entry.request();
    std::optional<challenge::PersistEnd> first;
    for (const store::Way* way : request.ways.all()) {
      const auto* const persist = std::get_if<store::DnsPersist>(way);
      if (!persist) continue;
      store::AccountFolder& folder = sessions.at(request, entry.issued_by()).folder();
      acme::Applicant applicant{proven_by(request, *way), store::persist_offer(folder)};
      if (const auto account = folder.account()) applicant.persist.account_uris.push_back(account->url);
      const challenge::SolverSettings settings{.deadline = Deadline(answer_within)};
      const challenge::PersistLook look = challenge::look_at_persistent(*persist, settings, applicant, now);
      if (!look.is_known) return;
      if (look.first && (!first || look.first->until < first->until)) first = look.first;
    }
    status.record = first ? first->name : "";
    status.record_ends = first ? std::optional(first->until) : std::nullopt;
  } catch (const Error& error) {
    log::verbose(entry.name() + ": the record of dns-persist-01 was not looked at: " + error.message);
  }
}

/// What the CA's CRL says about the live pair.
std::optional<crypto::Revocation> ask_crl(const store::Status& status, const store::Entry& entry,
                                          Sessions& sessions, Time now) {
  if (entry.is_revoked(status.live->version)) return {};
  const auto chain = store::read_pair_if_sound(entry.folder() + "/" + status.live->version);
  return chain ? sessions.crls().look(entry.name(), *chain, now) : std::nullopt;
}

/// For the holder of the lock. It is due at once, and no earlier failure holds it back.
void take_revocation(store::Status& status, const store::Entry& entry, const crypto::Revocation& revocation) {
  entry.mark_revoked(status.live->version);
  status.renew_because = revoked;
  status.retry_at = {};
  log::warn(entry.name() + ": its CA revoked it at " + rfc3339(revocation.at) +
            (revocation.reason.empty() ? "" : " (" + revocation.reason + ")") + "; it will be renewed");
}

void ask_renewal_info(store::Status& status, const store::Entry& entry, Sessions& sessions, Time now) {
  try {
    std::optional<store::Live> live = entry.live();
    if (!live) return;
    Session& session = sessions.at(entry.request(), entry.issued_by());
    acme::Client client = session.bare_order_client();
    std::optional<acme::RenewalInfo> info = acme::renewal_info(client, live->chain.front());
    if (info)
      take_window(status, entry, live->chain.front(), *info, now);
    else
      status.ari_again = now + full_check_every;
  } catch (const Error& error) {
    log::verbose(entry.name() + ": no renewal information: " + error.message);
    status.ari_again = now + ask_again_after_failure;
  }
}

}  // namespace

std::vector<std::string> missing_names(const store::Request& request, const crypto::Certificate& leaf) {
  std::vector<std::string> missing;
  for (const crypto::Identifier& one : request.identifiers)
    if (std::ranges::find(leaf.identifiers, one) == leaf.identifiers.end()) missing.push_back(one.value);
  return missing;
}

uint64_t spread_of(const store::Entry& entry) { return spread(os::machine_id(), entry.name()); }

store::Status refresh(const store::Entry& entry, Sessions& sessions, Time now, EntryLock lock) {
  store::Status status = entry.status();
  const Seen seen{entry.live_fingerprint(), entry.request_fingerprint()};
  const bool read = must_be_read(status, entry, seen, now);
  if (read) check_pair(status, entry, seen, now);
  const bool asked = status.live && (!status.ari_again || *status.ari_again <= now);
  if (asked) ask_renewal_info(status, entry, sessions, now);
  if (!read && !asked) return status;
  std::optional<crypto::Revocation> revocation;
  if (read && status.live) {
    revocation = ask_crl(status, entry, sessions, now);
    look_at_record(status, entry, sessions, now);
  }
  std::optional<os::Lock> taken;
  if (lock == EntryLock::free) taken = entry.try_lock();
  if (lock == EntryLock::free && !taken) return status;
  if (revocation) take_revocation(status, entry, *revocation);
  entry.save(status);
  return status;
}

store::Status foresee(const store::Entry& entry, Time now) {
  store::Status status = entry.status();
  const Seen seen{entry.live_fingerprint(), entry.request_fingerprint()};
  if (must_be_read(status, entry, seen, now)) check_pair(status, entry, seen, now);
  return status;
}

void note_revoked(const store::Entry& entry) {
  store::Status status = entry.status();
  status.renew_because = revoked;
  status.retry_at = {};
  entry.save(status);
}

void store_settings(const store::Entry& entry, const store::Request& request) {
  entry.save(request);
  store::Status status = entry.status();
  status.wishes = store::digest(request);
  if (const std::optional<store::Live> live = entry.live())
    choose_due(status, entry, request, live->chain.front());
  entry.save(status);
}

Time note_rollback(const store::Entry& entry, Time not_after, Time now) {
  constexpr Seconds rest = std::chrono::hours(24);
  store::Status status = entry.status();
  status.live = {};  // the next pass reads the pair
  status.not_after = not_after;
  status.retry_at = now + std::min(rest, (not_after - now) / 2);
  entry.save(status);
  return *status.retry_at;
}

}  // namespace certo::renew
