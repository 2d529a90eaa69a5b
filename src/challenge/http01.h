// What both methods of http-01 (RFC 8555 section 8.3) share, and the little HTTP/1.1 (RFC 9112) that a CA
// needs to read a key authorization: exact paths, no file system. Bytes in, bytes out; responder.cc moves
// them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "acme/solver.h"
#include "net/url.h"

namespace certo::challenge {

inline constexpr std::string_view token_path = "/.well-known/acme-challenge/";
inline constexpr size_t request_limit = 8 * 1024;

/// Throws Error{protocol} unless is_token(task.token): it becomes part of a path.
void require_token(const acme::Task& task);

/// The URL at which a CA looks for the token: "http://a.example/.well-known/acme-challenge/TOKEN".
net::Url token_url(const acme::Task& task);

/// Key authorizations by token.
using Tokens = std::map<std::string, std::string, std::less<>>;

/// The whole reply to the bytes received so far; nothing while the request is incomplete.
std::optional<std::string> reply_to(std::string_view request, const Tokens& tokens);

/// "GET /.well-known/acme-challenge/x: 200 OK": the first lines of a request and of its reply.
std::string summary(std::string_view request, std::string_view reply);

}  // namespace certo::challenge
