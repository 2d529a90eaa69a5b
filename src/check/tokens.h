// Tokens that no CA has asked for, published as for an order.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "acme/solver.h"
#include "check/scene.h"

namespace certo::check {

/// As long as a real one.
std::string made_up_token();

/// Presents what the way's solver would present, and removes it.
class Published {
 public:
  /// Throws what the solver throws.
  Published(const Scene& scene, const store::Way& way, const std::vector<crypto::Identifier>& identifiers);
  ~Published();
  Published(const Published&) = delete;
  Published& operator=(const Published&) = delete;

  const acme::Task& of(const crypto::Identifier& identifier) const { return tasks_.at(identifier); }

 private:
  std::map<crypto::Identifier, acme::Task> tasks_;
  std::unique_ptr<acme::Solver> solver_;
};

/// A task with a made-up token, as a CA would set it for this account.
acme::Task made_up_task(const Scene& scene, const crypto::Identifier& identifier, std::string type);

}  // namespace certo::check
