// How the solver of each method is made: one line per method of store/way.h. A file with the name of the
// method implements it.
#pragma once

#include <memory>

#include "challenge/solver.h"

namespace certo::challenge {

using Solver = std::unique_ptr<acme::Solver>;
using Home = store::Home;

/// Throws Error{config} when the folder does not exist.
Solver method_solver(const store::Webroot& way, const Home& home, const SolverSettings& settings);
Solver method_solver(const store::ChallengeDir& way, const Home& home, const SolverSettings& settings);
/// Throws Error{config} when the server does not run, {not_permitted} when this user may not change it. The
/// lines that it lacks are added when the names are known: in `check` or `present`.
Solver method_solver(const store::Nginx& way, const Home& home, const SolverSettings& settings);
Solver method_solver(const store::Apache& way, const Home& home, const SolverSettings& settings);
/// Throws Error{usage} when Standalone::listen is not an address and port. Opens the port when it is
/// prepared.
Solver method_solver(const store::Standalone& way, const Home& home, const SolverSettings& settings);
Solver method_solver(const store::Stateless& way, const Home& home, const SolverSettings& settings);
/// The same on port 443.
Solver method_solver(const store::Alpn& way, const Home& home, const SolverSettings& settings);
/// Throws Error{config} when there is no such provider, {usage} for a bad resolver.
Solver method_solver(const store::Dns& way, const Home& home, const SolverSettings& settings);
/// Throws Error{config} when the program is missing, or when others may change it.
Solver method_solver(const store::Program& way, const Home& home, const SolverSettings& settings);
/// Throws Error{usage} for a bad resolver.
Solver method_solver(const store::DnsPersist& way, const Home& home, const SolverSettings& settings);

}  // namespace certo::challenge
