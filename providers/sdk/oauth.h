// Access tokens by OAuth 2.0 (RFC 6749): requests and refusals.
#pragma once

#include <utility>
#include <vector>

#include "sdk/provider.hpp"

namespace certo::sdk {

using Parameters = std::vector<std::pair<const char*, std::string>>;

/// "a=1&b=2", escaped: application/x-www-form-urlencoded.
std::string form(const Parameters& parameters);

/// Posts `parameters` to a token endpoint and returns the access token (sections 4.4 and 5.1). Throws
/// Failure{config} with the service's words if it refuses (section 5.2), and the same as throw_if_refused.
std::string oauth_token(const Host&, const std::string& url, const Parameters& parameters);

/// The token in the reply to any request for one, with the same failures: metadata servers use GET.
std::string token_in(const Reply& reply);

}  // namespace certo::sdk
