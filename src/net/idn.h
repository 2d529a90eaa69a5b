// Internationalised names to ASCII (RFC 5891, by libidn2; non-transitional).
#pragma once

#include <string>
#include <string_view>

namespace certo::net {

/// "bücher.example" to "xn--bcher-kva.example"; "*." in front is kept; ASCII passes through.
/// Throws Error{usage}.
std::string to_ascii(std::string_view name);

/// The other way, for a person: "xn--bcher-kva.example" to "bücher.example". "" for a name that has no such
/// labels, that does not become the same ASCII again, or that could be taken for another one: a label that
/// mixes Latin letters with those of another alphabet.
std::string to_unicode(std::string_view name);

}  // namespace certo::net
