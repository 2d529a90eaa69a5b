// Which redirects a CA follows while it looks for the token of http-01 (Baseline Requirements section
// 3.2.2.4.19, and what Let's Encrypt's software does).
#pragma once

#include <string>
#include <vector>

#include "check/scene.h"
#include "net/web_look.h"

namespace certo::check {

inline constexpr size_t most_redirects = 10;

struct Step {
  enum class Kind { stay, go, refused };
  Kind kind = Kind::stay;
  net::WebPlace next{};
  std::string refusal{};
};

/// `visited`: the places so far; the last one has answered with `sight`.
Step follow(const std::vector<net::WebPlace>& visited, const net::WebSight& sight, const Ports& ports);

}  // namespace certo::check
