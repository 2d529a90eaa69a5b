// When certo considers a DNS record visible: --propagation, and "propagation" in request.json.
#pragma once

#include <string>
#include <variant>

#include "base/time.h"

namespace certo::store {

/// All authoritative servers of the zone answer it.
struct AskServers {
  bool operator==(const AskServers&) const = default;
};

/// At once.
struct NoWait {
  bool operator==(const NoWait&) const = default;
};

/// After this time.
struct FixedWait {
  Seconds time;  // at most one hour
  bool operator==(const FixedWait&) const = default;
};

using Propagation = std::variant<AskServers, NoWait, FixedWait>;

/// "", "none" or "wait=SECONDS". Throws Error{usage} for other text.
Propagation parse_propagation(const std::string& text);
std::string to_text(const Propagation& propagation);

}  // namespace certo::store
