// Reading orders, authorizations and challenges out of JSON, for a CA's answers and for
// order documents alike: the same grammar, another exit code.
#pragma once

#include "acme/types.h"

namespace certo::acme {

/// Throws Error{on_error}: a missing member, an unknown status, a URL that is not https. The
/// authorizations are the caller's to read: a CA sends URLs, a document whole objects.
Order parse_order(const Json& json, Url url, const std::string& subject, Exit on_error);
/// For the challenge types that certo can fulfil a token that is not `is_token()`, or none, is an error.
Authorization parse_authorization(const Json& json, Url url, const std::string& subject, Exit on_error);
Challenge parse_challenge(const Json& json, const std::string& subject, Exit on_error);
/// Throws Error{on_error} if two pending authorizations share a token, which has to identify its challenge
/// (section 8.1): what is done for a token would be done for each pair of them.
void require_own_tokens(const std::vector<Authorization>& authorizations, const std::string& subject,
                        Exit on_error);
/// Case-folded and checked.
Identifier parse_identifier(const Json& json, const std::string& subject, Exit on_error);

}  // namespace certo::acme
