// Reads orders, authorizations and challenges from JSON, both from a CA's answers and from
// order documents: the same grammar, another exit code.
#pragma once

#include "acme/types.h"
#include "net/http.h"

namespace certo::acme {

/// A URL in a header of the reply, which may be relative to the request's (RFC 9110 section 10.2.2).
Url linked_url(const net::HttpReply& reply, std::string_view reference, const std::string& subject);

/// The targets of the Link headers with this relation (RFC 8288): "alternate", "terms-of-service".
std::vector<std::string> links(const net::HttpReply& reply, std::string_view relation);

/// Throws Error{on_error}: a missing member, an unknown status, a URL that is not https. The caller
/// reads the authorizations: a CA sends URLs, a document contains whole objects.
Order parse_order(const Json& json, Url url, const std::string& subject, Exit on_error);
/// A token that is missing or not `is_token()` is an error in challenges of types that certo can fulfil.
Authorization parse_authorization(const Json& json, Url url, const std::string& subject, Exit on_error);
Challenge parse_challenge(const Json& json, const std::string& subject, Exit on_error);
/// Throws Error{on_error} if two pending authorizations share a token, which has to identify its challenge
/// (section 8.1): what is done for a token would be done for each pair of them.
void require_own_tokens(const std::vector<Authorization>& authorizations, const std::string& subject,
                        Exit on_error);
/// Case-folded and checked.
Identifier parse_identifier(const Json& json, const std::string& subject, Exit on_error);

}  // namespace certo::acme
