// Orders that the CA does not validate. Each run continues the pending order of the run before it, even if
// the CA has forgotten about it, until it expires after days. So certo gives it up after two runs.
#pragma once

#include "acme/client.h"
#include "acme/types.h"
#include "store/entry.h"

namespace certo::renew {

/// A run has told the CA to validate, and the order did not become ready before the deadline
/// (next/stuck.json).
void note_stuck(const store::Entry& entry, const acme::Order& order);
/// True if two runs in a row ended so, and nothing about the pending order has changed since. Then its
/// authorizations have been read.
bool is_stuck(acme::Client& client, const store::Entry& entry, acme::Order& order);
void forget_stuck(const store::Entry& entry);

}  // namespace certo::renew
