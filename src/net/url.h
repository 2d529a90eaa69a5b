// URLs (RFC 3986) that certo may use. A URL from a CA is checked here
// before anything connects to it.
#pragma once

#include <string>
#include <string_view>

#include "base/exit.h"

namespace certo::net {

struct Url {
  std::string text;    // normalised: lower-case scheme and host, default port dropped
  std::string scheme;  // "https" or "http"
  std::string host;    // lower case, without brackets
  int port = 443;
  std::string path;  // with query
};

/// Accepts https; http only if `allow_http_loopback` was called and the host is a literal loopback
/// address or "localhost", or if `allow_http_metadata` was called and `is_metadata_host` holds. No user name,
/// no fragment, no control byte, no space, at most 2,048 bytes. Throws Error{on_error} naming `subject`.
Url parse_url(std::string_view text, const std::string& subject, Exit on_error);

/// Accepts http and nothing else, also to this machine if `allow_http_loopback` was called, and never to a
/// `is_metadata_host`: for texts that are signed themselves (RFC 5280 section 8).
Url parse_plain_url(std::string_view text, const std::string& subject, Exit on_error);

/// The same as `parse_url` for a reference that may be relative to `base` (RFC 3986 section 5): the target of
/// a redirect.
Url resolve_url(const Url& base, std::string_view reference, const std::string& subject, Exit on_error);

/// For tests against a CA on this machine: --allow-http-loopback.
void allow_http_loopback();

/// For a provider's child: clouds offer credentials to their machines over plain http, at addresses that
/// no router forwards.
void allow_http_metadata();

/// A literal IPv4 link-local address (RFC 3927), or one of the two IPv6 addresses at which AWS does the same.
bool is_metadata_host(const std::string& host);

}  // namespace certo::net
