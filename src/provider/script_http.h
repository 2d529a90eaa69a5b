// The HTTP of acme.sh's scripts: one request as hooks/adapters/acmesh-dnsapi.sh writes it, with the meaning
// that curl gives it there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/http.h"

namespace certo::provider {

struct ScriptRequest {
  net::HttpRequest http;
  bool follows = true;             // redirects
  bool wants_no_check = false;     // HTTPS_INSECURE, which certo does not obey
  std::string bundle{}, folder{};  // CA_BUNDLE or CA_PATH; both empty: the roots of the system
};

/// `METHOD URL`, then lines `type …`, `redirects no`, `insecure 1`, `bundle PATH`, `folder PATH`, `header
/// Name: value`, an empty line, and the body. Throws Error{config} for a URL that certo does not use.
ScriptRequest parse_script_request(std::string_view text);

struct ScriptReply {
  std::string heads;  // of all replies, redirects included
  std::string body;
};

/// Sends the request, and follows redirects if it may. A redirect to another server gets no header of the
/// script.
ScriptReply exchange(const ScriptRequest& request, net::Transport& transport);

/// The exit code that curl has for such a failure.
int curl_code(const Error& error);

}  // namespace certo::provider
