// A certificate from the first of several CAs that gives it (store::Request::fallbacks). Each issue and each
// renewal begins with the first CA, so a certificate returns to it when it works again.
#pragma once

#include <string>
#include <vector>

#include "renew/issue.h"

namespace certo::renew {

/// As `issue` at one CA. If a CA is down, limits or refuses, the next one is asked. A failure of this
/// machine's own (a DNS provider, a full disk) is thrown at once. Throws the failure of an only CA as it is,
/// and one Error for all if there are several. The deadline of `solving` counts for each CA.
IssueResult issue(Sessions& sessions, const store::Home& home, const store::Entry& entry,
                  const store::Request& request, const challenge::SolverSettings& solving,
                  const IssueOptions& options = {});

/// If the request has several CAs: makes sure that each has the profile, and that there is an account at
/// each. Profiles, terms and external accounts are a person's matter, and a renewal has none. A CA that
/// cannot be asked now is mentioned.
void settle_cas(Sessions& sessions, const store::Request& request);

/// Throws Error{usage} if some are test CAs and some are not.
void require_same_kind(const store::Home& home, const std::vector<std::string>& directories);

/// The failure of a CA, as far as it decides what all have in common.
struct CaFailure {
  std::string directory;
  Error error;
};
/// One failure for those of all CAs: the worst code, and the time when the first of them may be asked again
/// if each said one.
Error failure_of_all(const std::vector<CaFailure>& failures);

}  // namespace certo::renew
