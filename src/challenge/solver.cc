#include "challenge/solver.h"

#include "challenge/joint.h"
#include "challenge/methods.h"

namespace certo::challenge {
namespace {

acme::Identifier identifier_of(const acme::Authorization& authorization) {
  acme::Identifier identifier = authorization.identifier;
  if (authorization.wildcard) identifier.value.insert(0, "*.");
  return identifier;
}

}  // namespace

std::vector<std::string> MethodSolver::types(const acme::Authorization& authorization) const {
  if (!store::can_prove(method_, identifier_of(authorization))) return {};
  return {types_.begin(), types_.end()};
}

std::string MethodSolver::advice(const acme::Authorization& authorization) const {
  const std::string options = store::options_for({identifier_of(authorization)});
  return options.empty() ? "" : "use one of: " + options;
}

std::unique_ptr<acme::Solver> make_solver(const store::Home& home, const store::Way& way,
                                          const SolverSettings& settings) {
  return std::visit([&](const auto& of_method) { return method_solver(of_method, home, settings); }, way);
}

std::unique_ptr<acme::Solver> make_solver(const store::Home& home, const store::Ways& ways,
                                          const SolverSettings& settings) {
  std::unique_ptr<acme::Solver> usual = make_solver(home, ways.usual, settings);
  if (ways.others.empty()) return usual;
  std::vector<Part> others;
  for (const auto& [identifiers, way] : ways.others)
    others.push_back({identifiers, make_solver(home, way, settings)});
  return make_joint_solver(std::move(others), std::move(usual));
}

}  // namespace certo::challenge
