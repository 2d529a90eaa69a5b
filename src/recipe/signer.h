// What a request is signed with: its time, a nonce, and hashes of its parts.
#pragma once

#include <vector>

#include "recipe/recipe.h"
#include "recipe/template.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

enum class Signing {
  real,
  timeless,  // without time and nonce: equal requests are equal texts
  shown      // every value is its placeholder, for people
};

/// {timestamp} and the others that every request of a recipe with "sign" knows.
const std::vector<std::string>& moment_placeholders();

/// The computed placeholders of one request. Does nothing for a recipe that does not sign.
class Signer {
 public:
  Signer(const std::vector<Computed>& computed, const sdk::Host& host, const Scope& settings, Signing how);

  /// `part` of the request is made now: computes what was waiting for it.
  void know(Computed::From part, const Scope& values);
  /// Adds all that is computed so far.
  void add_to(Scope& scope) const;

 private:
  Scope moment() const;
  std::string value_of(const Computed& one) const;

  const std::vector<Computed>& computed_;
  const sdk::Host& host_;
  Signing how_;
  Scope known_;  // what a text may use
  Scope made_;
};

}  // namespace certo::recipe
