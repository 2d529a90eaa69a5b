// Replies in JSON, read by JSON pointers (RFC 6901).
#pragma once

#include <initializer_list>

#include "sdk/provider.hpp"

namespace certo::sdk {

/// Pointers to the service's explanation of an error; the first one that leads to text counts.
using Words = std::initializer_list<const char*>;

/// The text, or the digits of the whole number, at `pointer`; "" if there is neither.
std::string text_at(const Json& json, std::string_view pointer);

/// The list at `pointer`; empty if it is null. Throws Failure{unreachable} if there is none.
Json::Array list_at(const Json& json, std::string_view pointer, const std::string& subject);

/// The service's explanation, the first line of it; "" if the reply has none or is not JSON.
std::string explanation(const Reply& reply, Words words);

/// Throws the same as throw_if_refused, and Failure{failed} for every other status.
[[noreturn]] void refuse(const Reply& reply, const std::string& why);

/// The reply, if its status is 2xx or `missing`; otherwise refuses with the service's words.
Reply accepted(Reply reply, Words words, int missing = 0);

/// "_acme-challenge.www" of a name in "example.com"; `apex` for the zone itself.
std::string below(const std::string& name, const std::string& zone, const char* apex = "");

}  // namespace certo::sdk
