// --dns manual: a person adds the records, and removes them. They are not ours, so nothing is journalled.
#pragma once

#include <memory>

#include "acme/solver.h"
#include "challenge/solver.h"

namespace certo::challenge {

/// The Way::provider that is no provider.
inline constexpr const char* kManual = "manual";

/// Its `present` returns when the records are visible. Where they are not, it asks the person at the terminal
/// and waits; throws PersonNeeded when nobody is there, or when nobody presses Enter until the deadline.
/// Throws Error{usage} for a bad policy or resolver.
std::unique_ptr<acme::Solver> make_manual_solver(const SolverSettings& settings);

}  // namespace certo::challenge
