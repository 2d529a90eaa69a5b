// What nginx's configuration lacks so that nginx presents a certificate: the lines that name it, listeners
// for TLS, settings, and a redirect. Nothing is written here.
#pragma once

#include <vector>

#include "webserver/nginx_hosts.h"
#include "webserver/nginx_running.h"
#include "webserver/tls_plan.h"

namespace certo::webserver {

/// Throws Error{config} with the place if a name has no block, if another program looks after a block, or if
/// the lines would break another site.
TlsPlan plan_tls(const NginxConfig& config, const std::vector<VirtualHost>& hosts, const Selection& selection,
                 const NginxBuild& build, const TlsWish& wish);

}  // namespace certo::webserver
