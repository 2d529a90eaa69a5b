// The virtual host with TLS that certo adds next to one of port 80.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "webserver/apache_hosts.h"
#include "webserver/edits.h"
#include "webserver/nginx_pair.h"

namespace certo::webserver {

struct NewTlsHost {
  const ApacheHost* plain = nullptr;
  std::vector<std::string> addresses;  // "*:443"
  std::string settings;                // the file with settings for TLS that it includes; "" if there is none
};

/// Port 443 on the addresses of the host's port 80.
std::vector<std::string> secure_addresses(const ApacheHost& host);

/// Throws Error{config} if a host at these addresses would break another one, or would not speak TLS.
void refuse_conflicts(const ApacheConfig& config, const ApacheHost& host,
                      const std::vector<std::string>& addresses);

/// Sentences about the addresses where other hosts are, and where Apache would read the new one first.
std::vector<std::string> new_defaults(const ApacheConfig& config, const ApacheHost& host,
                                      const std::vector<std::string>& addresses);

/// Its files, and the lines that include them. `taken`: names of files that this plan uses already.
Edits add_tls_host(const ApacheConfig& config, const NewTlsHost& host, const LivePair& pair,
                   std::set<std::string>& taken);

/// "certo" next to the main file.
std::string own_folder(const ApacheConfig& config);
/// A file with settings for hosts that inherit none: certo/tls.conf there.
OwnFile apache_tls_settings(const ApacheConfig& config);

}  // namespace certo::webserver
