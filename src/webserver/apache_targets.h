// The virtual hosts of Apache that a certificate is for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "webserver/apache_hosts.h"
#include "webserver/nginx_question.h"

namespace certo::webserver {

/// A host, and the names of the certificate for which it answers.
struct ApacheTarget {
  const ApacheHost* host = nullptr;
  std::vector<std::string> names;
};

struct ApacheTargets {
  std::vector<ApacheTarget> with_tls;     // that answer by TLS already
  std::vector<ApacheTarget> without_tls;  // that answer on port 80, and shall answer by TLS
  std::vector<ApacheTarget> on_port_80;   // all that answer there by http

  /// All that present the certificate.
  std::set<const ApacheHost*> hosts() const;
};

/// "*:80" for "*:80" and for "*:*", which takes connections of any port.
bool is_on_port_80(std::string_view address);

/// As clients ask for the names.
std::vector<Question> questions_of(const ApacheConfig& config, const std::vector<std::string>& names);
/// The addresses on which a host with the name answers. A default host is not one, except for an IP address.
std::vector<ApacheAnswer> answers_to(const ApacheConfig& config, const Question& question);

/// Throws Error{config} if a name has no host, or none on port 80 or with TLS.
ApacheTargets targets_of(const ApacheConfig& config, const std::vector<Question>& questions);

}  // namespace certo::webserver
