// Gets one certificate into the store: key, order, challenges, certificate, in this order on disk. `issue`
// and `renew` both use this; it continues the work of a run that died.
#pragma once

#include <string>
#include <vector>

#include "challenge/solver.h"
#include "renew/next_key.h"
#include "renew/session.h"
#include "renew/subset.h"
#include "store/entry.h"

namespace certo::renew {

struct IssueResult {
  store::Live live;
  Time due{};
  bool resumed = false;             // an order of an earlier run was finished
  std::vector<LeftOut> left_out{};  // names that the CA did not validate (allow_subset)
};

struct IssueOptions {
  bool allow_older = false;  // take a certificate that expires before the live one
  KeyChoice key = KeyChoice::by_request;
};

/// The caller holds the entry's lock and has adopted the version of a dead run. Stores `request` with the
/// certificate. Throws; the live pair is then untouched.
IssueResult issue(Session& session, const store::Home& home, const store::Entry& entry,
                  const store::Request& request, const challenge::SolverSettings& solving,
                  const IssueOptions& options = {});

/// Writes a failure into status.json: how many in a row, since when, and when to try again. It is not a
/// failure that a person has to act, and the person may be quick.
void note_failure(const store::Entry& entry, const Error& error, Time now);

/// Writes into status.json until when the CA takes no new orders: not a failure of this certificate.
void note_wait(const store::Entry& entry, const GateClosed& closed, Time now);

}  // namespace certo::renew
