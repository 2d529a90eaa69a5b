// The address of the API of a recipe.
#pragma once

#include <string>

#include "recipe/recipe.h"
#include "recipe/template.h"
#include "sdk/provider.hpp"

namespace certo::recipe {

class Address {
 public:
  /// `settings`: their values. Throws Failure{config} if they do not make a URL.
  Address(const Recipe& recipe, const sdk::Host& host, const Scope& settings);

  /// A path below the API becomes a URL.
  std::string url(const std::string& path_or_url) const;
  /// What a reply names as the next page. The credentials are sent there, so it must be the host of the API.
  /// Throws Failure.
  std::string next(const std::string& page) const;

 private:
  std::string base_;  // the address of the requests
  std::string own_;   // the same as the service calls it
};

}  // namespace certo::recipe
