// Updates the status of a certificate with as little work as possible.
#pragma once

#include "renew/session.h"
#include "store/entry.h"

namespace certo::renew {

/// The number that spreads the renewals of a machine's certificates.
uint64_t spread_of(const store::Entry& entry);

/// The names of the request that the certificate is not for (allow_subset).
std::vector<std::string> missing_names(const store::Request& request, const crypto::Certificate& leaf);

/// Whether the caller holds the entry's lock.
enum class EntryLock { held, free };

/// Reads the live pair only if its fingerprint, or the request's, changed or a day has passed, asks for
/// renewal information (RFC 9773) only if the stored answer is not fresh, and chooses when it is due. When it
/// reads the pair, it also looks at the CA's CRL, which says whether the pair was revoked, and at the record
/// of dns-persist-01. Saves the status if it changed. A damaged, missing or revoked pair is due at once, and
/// so is one that differs from request.json; a damaged request.json is Error{bad_input}. It is not an error
/// if the CA cannot be reached: the stored answer, or the lifetime, decides. Only the holder of the entry's
/// lock saves a changed status. If the lock is `free`, this takes it for that; if another run has it, that
/// run will save a newer status.
store::Status refresh(const store::Entry& entry, Sessions& sessions, Time now, EntryLock lock);

/// The status that the next pass at `now` would see. Does not contact the CA, and saves nothing.
store::Status foresee(const store::Entry& entry, Time now);

// What a person did. The caller holds the entry's lock.
/// The live pair was revoked: it is due.
void note_revoked(const store::Entry& entry);
/// Stores a request that asks for the same certificate as the stored one (store::asks_for_same): it is not
/// due by that.
void store_settings(const store::Entry& entry, const store::Request& request);
/// An older pair is live again. It is perhaps due, and a person has a reason: renewal rests for a day, or for
/// half of what is left. Returns until when.
Time note_rollback(const store::Entry& entry, Time not_after, Time now);

}  // namespace certo::renew
