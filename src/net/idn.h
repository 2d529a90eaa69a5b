// Internationalised names to ASCII (RFC 5891, by libidn2; non-transitional).
#pragma once

#include <string>
#include <string_view>

namespace certo::net {

/// "bücher.example" to "xn--bcher-kva.example"; "*." in front is kept; ASCII passes through.
/// Throws Error{usage}.
std::string to_ascii(std::string_view name);

}  // namespace certo::net
