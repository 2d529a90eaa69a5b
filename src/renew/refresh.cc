#include "renew/refresh.h"

#include <algorithm>

#include "acme/ari.h"
#include "base/log.h"
#include "base/text.h"
#include "os/random.h"
#include "renew/due.h"

namespace certo::renew {
namespace {

constexpr Seconds full_check_every = std::chrono::hours(24);
constexpr Seconds ask_again_after_failure = std::chrono::hours(1);

bool must_be_read(const store::Status& status, const std::optional<store::LiveFingerprint>& live, Time now) {
  return !live || status.live != live || status.due == Time{} || now - status.checked >= full_check_every;
}

/// Reads and matches the pair; a pair that is not there or not whole is due now.
void check_pair(store::Status& status, const store::Entry& entry,
                std::optional<store::LiveFingerprint> fingerprint, Time now) {
  bool is_another = status.live != fingerprint;
  status.checked = now;
  try {
    std::optional<store::Live> live = entry.live();
    if (!live) {
      status.due = now;
      return;
    }
    const crypto::Certificate& leaf = live->chain.front();
    status.not_after = leaf.not_after;
    status.live = std::move(fingerprint);
    if (is_another || status.due == Time{}) {
      status.due = due_by_lifetime(leaf.not_before, leaf.not_after);
      status.window_start = status.window_end = {};
      status.ari_again = now;
    }
  } catch (const Error& error) {
    status.due = now;
    status.live = {};
    status.last_error = printable(error.message);
    log::warn(entry.name() + ": " + error.message + "; it will be renewed");
  }
}

void take_window(store::Status& status, const crypto::Certificate& leaf, const acme::RenewalInfo& info,
                 Time now) {
  status.ari_again = now + info.ask_again;
  status.ari_explanation = printable(info.explanation_url);
  if (status.window_start == info.start && status.window_end == info.end) return;  // the instant is kept
  status.window_start = info.start;
  status.window_end = info.end;
  // However late the CA would have it: a tenth of the lifetime stays as a reserve.
  Time latest = leaf.not_after - (leaf.not_after - leaf.not_before) / 10;
  status.due = std::min(instant_in(info.start, info.end, os::random_number()), latest);
}

void ask_renewal_info(store::Status& status, const store::Entry& entry, Sessions& sessions, Time now) {
  try {
    std::optional<store::Live> live = entry.live();
    if (!live) return;
    Session& session = sessions.of(entry.request());
    std::optional<acme::RenewalInfo> info = acme::renewal_info(session.bare_client(), live->chain.front());
    if (info)
      take_window(status, live->chain.front(), *info, now);
    else
      status.ari_again = now + full_check_every;
  } catch (const Error& error) {
    if (error.code == Exit::interrupted) throw;
    log::verbose(entry.name() + ": no renewal information: " + error.message);
    status.ari_again = now + ask_again_after_failure;
  }
}

}  // namespace

store::Status refresh(const store::Entry& entry, Sessions& sessions, Time now, bool holds_lock) {
  store::Status status = entry.status();
  std::optional<store::LiveFingerprint> live = entry.live_fingerprint();
  bool read = must_be_read(status, live, now);
  if (read) check_pair(status, entry, live, now);
  bool asked = status.live && (!status.ari_again || *status.ari_again <= now);
  if (asked) ask_renewal_info(status, entry, sessions, now);
  if (!read && !asked) return status;
  std::optional<os::Lock> lock;
  if (!holds_lock) lock = entry.try_lock();
  if (holds_lock || lock) entry.save(status);
  return status;
}

}  // namespace certo::renew
