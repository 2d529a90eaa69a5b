// --dns manual: a person adds and removes the records. certo did not add them, so no journal lists them.
#pragma once

#include <memory>

#include "challenge/solver.h"

namespace certo::challenge {

/// The Dns::provider that stands for a person.
inline constexpr const char* manual = "manual";

/// Its `present` returns when the records are visible. Before that it asks the person at the terminal and
/// waits; it throws PersonNeeded if nobody can be asked, or nobody presses Enter before the deadline. Throws
/// Error{usage} for a bad resolver.
std::unique_ptr<acme::Solver> make_manual_solver(const store::Dns& way, const SolverSettings& settings);

}  // namespace certo::challenge
