// The values of records other than TXT, as zone files have them: CAA (RFC 8659) and TLSA (RFC 6698).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sdk/provider.hpp"

namespace certo::sdk {

/// 0 issue "ca.example; accounturi=https://…"
struct Caa {
  uint8_t flags = 0;
  std::string tag, value;
};
/// Throws Failure{failed} for anything else.
Caa parse_caa(std::string_view text);

/// 3 1 1 0d6f…
struct Tlsa {
  uint8_t usage = 0, selector = 0, matching = 0;
  std::string data;  // hexadecimal in lower case
};
/// Throws Failure{failed} for anything else.
Tlsa parse_tlsa(std::string_view text);

/// The content of a record with `value`, of the type that the host asks for, as services show it: TXT and the
/// value of CAA in quotes, one space between the parts.
std::string content(const Host& host, std::string_view value);

}  // namespace certo::sdk
