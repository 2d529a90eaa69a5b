// What Apache's configuration lacks so that Apache presents a certificate. A virtual host of port 80 gets one
// with TLS next to it, which shares its directives: they move to certo's own file, which both include.
// Nothing is written here.
#pragma once

#include "webserver/apache_hosts.h"
#include "webserver/tls_plan.h"

namespace certo::webserver {

/// Throws Error{config} with the place if a name has no virtual host, if another program looks after a host,
/// if the lines would break another site, or if mod_ssl is not installed; {usage} for a host that a macro or
/// a module makes.
TlsPlan plan_apache_tls(const ApacheConfig& config, const TlsWish& wish);

}  // namespace certo::webserver
