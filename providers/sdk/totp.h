// One-time passwords (RFC 6238) from a shared secret, as authenticator apps show them.
#pragma once

#include "sdk/provider.hpp"

namespace certo::sdk {

/// The bytes of base32 (RFC 4648 section 6), in either case, with blanks and padding or without; nothing for
/// other text.
std::optional<Bytes> from_base32(std::string_view text);

/// Six digits for the present 30 s, by HMAC-SHA-1. `secret` is base32; throws Failure{config} that names
/// `setting` if it is not.
std::string totp(const Host& host, const char* setting, std::string_view secret);

}  // namespace certo::sdk
