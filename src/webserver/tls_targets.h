// The server blocks that a certificate is for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "webserver/nginx_question.h"

namespace certo::webserver {

/// A block, and the names of the certificate for which it answers.
struct TlsTarget {
  const VirtualHost* host = nullptr;
  std::vector<std::string> names;
};

struct TlsTargets {
  std::vector<TlsTarget> with_tls;     // that answer by TLS already
  std::vector<TlsTarget> without_tls;  // that answer on port 80, and shall answer by TLS
  std::vector<TlsTarget> on_port_80;   // all that answer there by http

  /// The directives of the blocks that present the certificate.
  std::set<const NginxDirective*> blocks() const;
};

/// Throws Error{config} if a name has no block, or none on port 80 or with TLS.
TlsTargets targets_of(const NginxConfig& config, const std::vector<VirtualHost>& hosts,
                      const Selection& selection, const std::vector<Question>& questions);

}  // namespace certo::webserver
