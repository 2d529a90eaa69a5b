// One look at a web server, as a CA looks for a token of http-01 (RFC 8555 section 8.3): plain http or a TLS
// server whose certificate does not count, at an address that the caller chose, without a proxy, and without
// following redirects. Nothing secret is sent. `certo check` uses it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace certo::net {

struct WebPlace {
  bool is_https = false;
  std::string host;  // lower case; without brackets
  int port = 80;
  std::string path = "/";  // with the query
  std::string text() const;
};
/// The place that a Location of `base` leads to; nothing if it is not a URL of http or https.
std::optional<WebPlace> web_place(const WebPlace& base, std::string_view location);

struct WebLook {
  WebPlace place;
  std::string address;  // literal, without brackets
  int port = 0;         // to connect to; 0: that of the place
};

struct WebSight {
  /// `no_route`: this machine cannot reach the address at all. `broken`: a connection, but no reply.
  enum class Kind { answered, refused, no_route, timeout, broken };
  Kind kind = Kind::broken;
  int status = 0;
  std::string location, server;  // header fields
  std::string body;              // at most 4 KiB of it
  std::string reason;            // of a failure, in the words of the system or of libcurl
};

/// All looks at the same time, at most `limit` in all. No server's behaviour makes it throw; it throws
/// Interrupted.
std::vector<WebSight> look(const std::vector<WebLook>& looks, Millis limit);

}  // namespace certo::net
