// The header Retry-After.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace certo::net {

/// Seconds or HTTP date (RFC 9110 section 10.2.3), as a length of time from `now`; at most ten years, never
/// negative. Nothing for junk.
std::optional<Seconds> retry_after(std::string_view header, Time now);

}  // namespace certo::net
