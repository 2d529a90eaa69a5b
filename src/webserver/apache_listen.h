// The sockets of Apache ("Listen"), and by which of them this machine reaches a virtual host.
// https://httpd.apache.org/docs/2.4/mod/mpm_common.html#listen
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webserver/listen.h"

namespace certo::webserver {

/// "Listen 80", "Listen 10.0.0.1:80", "Listen [::1]:443 https". Nothing for other texts.
std::optional<Address> parse_apache_listen(std::string_view text);

/// The sockets by which a connection reaches the virtual hosts of `address` ("*:80", "10.0.0.1:*"), each as
/// an address that this machine can ask. `listens`: all of Apache's; `hosts`: the addresses of all its
/// virtual hosts, because one that names an address takes its connections from "*".
std::vector<Address> sockets_of(const std::string& address, const std::vector<Address>& listens,
                                const std::vector<std::string>& hosts);

}  // namespace certo::webserver
