// What the facts of a model mean: findings, and levels. Pure functions with the clock passed in.
#pragma once

#include <optional>

#include "base/time.h"
#include "crypto/certificate.h"
#include "status/model.h"
#include "store/lifetime.h"

namespace certo::status {

/// From when a certificate that comes to its end is a warning, and critical. By default a quarter and a
/// twelfth of the lifetime, but at most 30 and 10 days, so that certificates of six days are judged well,
/// too.
struct Thresholds {
  std::optional<store::RenewBefore> warn, crit;

  Seconds warn_of(Seconds lifetime) const;
  Seconds crit_of(Seconds lifetime) const;
};

/// The level of a certificate by its dates only.
Level level_of(Time not_before, Time not_after, const Thresholds& thresholds, Time now);

/// The renewal is late after this time: the middle of its window, and two hours after it was due, so that an
/// hourly run had its chance. The window is the CA's, or it ends with the certificate. Zero: not known.
Time late_after(const Row& row);

/// Fills `findings` and `level` of a row, whose endpoints are judged already.
void judge(Row& row, const Thresholds& thresholds, Time now);

/// The same of the overview, whose rows and endpoints are judged; sorts the rows, the worst first. The
/// findings that it has are kept.
void judge(Overview& overview);

/// Adds a finding, so that the worst is the first, and raises the level.
void add(std::vector<Finding>& findings, Level& level, Finding finding);

}  // namespace certo::status
