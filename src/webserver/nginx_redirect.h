// The redirect from http to https of a server block.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "webserver/edits.h"
#include "webserver/nginx_block.h"

namespace certo::webserver {

inline constexpr std::string_view redirect_line =
    "if ($scheme = http) { return 301 https://$host$request_uri; }";

/// certo's own line in the block; nothing if there is none.
Found own_redirect(const Found& block);
/// The place of what redirects requests for `name` to https; "" if nothing does.
std::string redirect_of(const NginxConfig& config, const VirtualHost& host, const std::string& name);
/// The place of what sends requests for `name` back to http; "" if nothing does.
std::string way_back_of(const NginxConfig& config, const VirtualHost& host, const std::string& name);
/// The block reads from a header whether the client uses https: a proxy in front ends TLS, and nginx gets
/// http only.
bool is_behind_tls_proxy(const VirtualHost& host);

/// The line, after the one for the proof (`proof_files`) if the block has one.
Change add_redirect(const VirtualHost& host, const std::vector<std::string>& proof_files);

}  // namespace certo::webserver
