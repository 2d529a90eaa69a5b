// dns-01 (RFC 8555 section 8.4): the records go in by a provider, and certo waits until the
// zone's servers show them.
#pragma once

#include <memory>
#include <vector>

#include "acme/solver.h"
#include "challenge/solver.h"

namespace certo::challenge {

/// Throws Error{config} when there is no such provider, {usage} for a bad policy or resolver.
std::unique_ptr<acme::Solver> make_dns_solver(const store::Home& home, const SolverSettings& settings);

/// Throws Error{bad_input} unless every name is a host name (with '_' allowed) and every value base64url.
/// They may come from a document that another host wrote, or from DNS.
void check_records(const std::vector<store::PresentedRecord>& records);

}  // namespace certo::challenge
