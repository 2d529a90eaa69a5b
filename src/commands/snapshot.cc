#include "commands/snapshot.h"

#include "base/error.h"
#include "commands/targets.h"
#include "install/hooks.h"
#include "renew/due.h"
#include "store/rekey.h"
#include "store/test_certificate.h"

namespace certo::commands {
namespace {

void read_live(Snapshot& snapshot, const store::Entry& entry) {
  snapshot.live = entry.live();
  if (!snapshot.live) return;
  const crypto::Certificate& leaf = snapshot.live->chain.front();
  const bool is_new = snapshot.not_after != leaf.not_after;
  snapshot.not_after = leaf.not_after;
  if (is_new || snapshot.renew_at == Time{}) {
    snapshot.renew_at =
        renew::due_by_request(snapshot.request.value_or(store::Request{}), leaf.not_before, leaf.not_after);
  }
}

/// Runs `read`, and notes its failure instead of throwing it.
template <typename Read>
void note_damage(Snapshot& snapshot, Read read) {
  try {
    read();
  } catch (const Error& error) {
    if (snapshot.damage.empty()) snapshot.damage = error.message;
  }
}

}  // namespace

const char* name(State state) {
  switch (state) {
    case State::valid: return "valid";
    case State::due: return "due";
    case State::failing: return "failing";
    case State::expired: return "expired";
    case State::missing: return "missing";
    case State::damaged: return "damaged";
  }
  return "";
}

Snapshot look(const store::Home& home, const std::string& name, Look how) {
  const store::Entry entry(home, name);
  Snapshot snapshot;
  snapshot.name = name;
  note_damage(snapshot, [&] { snapshot.request = entry.request(); });
  if (!snapshot.request && !entry.exists()) {
    snapshot.damage.clear();
    snapshot.is_begun = entry.is_begun();
    if (!snapshot.is_begun)
      snapshot.damage = entry.folder() + ": request.json is missing, so that nothing renews it";
  }
  snapshot.has_lost_request = !snapshot.request && !snapshot.is_begun;
  bool is_known = false;  // the live pair
  note_damage(snapshot, [&] {
    snapshot.status = entry.status();
    snapshot.not_after = snapshot.status.not_after;
    snapshot.renew_at = snapshot.status.due;
    is_known = snapshot.status.live && snapshot.status.live == entry.live_fingerprint();
    if (how == Look::thorough || !is_known) read_live(snapshot, entry);
    if (!is_known && !snapshot.live) snapshot.not_after = snapshot.renew_at = Time{};
  });
  note_damage(snapshot, [&] { snapshot.installation = brief(entry); });
  snapshot.is_test =
      is_known ? store::is_test(home, entry, snapshot.status.live->version) : store::is_test(home, entry);
  snapshot.is_rekey_owed = store::is_rekey_owed(entry);
  note_damage(snapshot, [&] { snapshot.are_hooks_pending = install::hooks_owed(entry); });
  return snapshot;
}

State state(const Snapshot& snapshot, Time now) {
  if (!snapshot.damage.empty()) return State::damaged;
  if (snapshot.not_after == Time{}) return State::missing;
  if (snapshot.not_after <= now) return State::expired;
  if (snapshot.status.failures > 0) return State::failing;
  if (!snapshot.status.renew_because.empty()) return State::due;
  return snapshot.renew_at <= now ? State::due : State::valid;
}

}  // namespace certo::commands
