// Several methods in one certificate: each challenge goes to the solver of its identifier.
#pragma once

#include <memory>
#include <vector>

#include "acme/solver.h"

namespace certo::challenge {

struct Part {
  std::vector<acme::Identifier> identifiers;  // as the order has them: a wildcard with its "*."
  std::unique_ptr<acme::Solver> solver;
};

/// `usual` gets the identifiers that are in none of `others`.
std::unique_ptr<acme::Solver> make_joint_solver(std::vector<Part> others,
                                                std::unique_ptr<acme::Solver> usual);

}  // namespace certo::challenge
