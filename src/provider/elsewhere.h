// DNS services that certo has no provider for: acme.sh's script for each, which certo runs, or why there is
// no usable API.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace certo::provider {

struct Elsewhere {
  std::string_view name;    // of acme.sh's script, "dns_one"; or a word for the service
  std::string_view title;   // "one.com"
  std::string_view reason;  // why not even a script can work; "" if one can
};

std::span<const Elsewhere> elsewhere();
/// By its name, or by that of the script without "dns_"; nullptr if there is none.
const Elsewhere* find_elsewhere(std::string_view name);
/// What a person can do.
std::string hint_for(const Elsewhere& service);

}  // namespace certo::provider
