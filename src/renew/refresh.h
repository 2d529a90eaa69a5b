// What is known of a certificate, brought up to date as cheaply as it can be.
#pragma once

#include "renew/session.h"
#include "store/entry.h"

namespace certo::renew {

/// What spreads the renewals of a machine's certificates.
uint64_t spread_of(const store::Entry& entry);

/// Reads the live pair only if its fingerprint, or the request's, changed or a day has passed, asks for
/// renewal information (RFC 9773) only where the stored answer is not fresh, and chooses when it is due.
/// Saves the status when it changed. A damaged, missing or revoked pair is due at once, and so is one that is
/// not what request.json asks for; a damaged request.json is Error{bad_input}. A CA that cannot be asked is
/// no error: the stored answer, or the lifetime, decides. A status that changed is saved by who holds the
/// entry's lock only. Without `holds_lock` it is taken for that; who has it instead is going to save a newer
/// one.
store::Status refresh(const store::Entry& entry, Sessions& sessions, Time now, bool holds_lock);

/// The same without asking the CA, and nothing is saved: what the next pass at `now` would see.
store::Status foresee(const store::Entry& entry, Time now);

// What a person did. The caller holds the entry's lock.
/// The live pair was revoked: it is due.
void note_revoked(const store::Entry& entry);
/// An older pair is live again. It is perhaps due, and a person has a reason: renewal rests for a day, or for
/// half of what is left. Returns until when.
Time note_rollback(const store::Entry& entry, Time not_after, Time now);

}  // namespace certo::renew
