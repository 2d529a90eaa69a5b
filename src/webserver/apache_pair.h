// The lines of a virtual host of Apache that name its certificate and key.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "webserver/apache_hosts.h"
#include "webserver/edits.h"
#include "webserver/nginx_pair.h"

namespace certo::webserver {

struct ApachePairPlan {
  std::vector<Change> changes;
  std::vector<std::string> marks;  // of existing lines
  std::vector<std::string> notes;
};

/// The host presents the files already.
bool presents(const ApacheHost& host, const LivePair& pair);

/// "SSLCertificateFile …" and "SSLCertificateKeyFile …".
std::vector<std::string> pair_lines(const LivePair& pair);

/// For a host with TLS. `edited`: all hosts that get the pair. Throws Error{config} if the lines are not
/// plain paths, if they are shared with a host that does not get the pair, or if a name of the host would
/// lose its valid certificate.
ApachePairPlan plan_apache_pair(const ApacheConfig& config, const ApacheHost& host,
                                const std::set<const ApacheHost*>& edited, const LivePair& pair);

}  // namespace certo::webserver
