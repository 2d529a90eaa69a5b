// The redirect from http to https of a virtual host of Apache.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "webserver/apache_hosts.h"
#include "webserver/edits.h"

namespace certo::webserver {

/// The place of what redirects all requests for names of the host to https; "" if nothing does.
std::string redirect_of(const ApacheHost& host);
/// The place of what sends clients of the host back to http; "" if nothing does.
std::string way_back_of(const ApacheHost& host);
/// The marks of certo's own redirect in the section.
std::vector<std::string> own_redirect_marks(const ApacheHost& host);

/// The redirect, by mod_rewrite or mod_alias, in front of the host's own lines. Nothing if neither can do it.
std::optional<Change> apache_redirect(const ApacheConfig& config, const ApacheHost& host);

}  // namespace certo::webserver
