// The certificates that a virtual host names.
#pragma once

#include <optional>
#include <string>

#include "crypto/certificate.h"
#include "webserver/nginx_hosts.h"

namespace certo::webserver {

struct NamedCertificate {
  std::string file;  // absolute; "" if it is not a file: a variable, or the certificate itself
  std::string key_file;
  std::optional<crypto::Certificate> leaf;  // the first of the file
  std::string fault;                        // why there is no leaf
};

/// The certificate of `file`, which is absolute or "".
NamedCertificate read_certificate(const std::string& file, const std::string& key_file);
/// The same of nginx. `folder`: that of the main configuration, where relative paths begin.
NamedCertificate read_certificate(const CertificateLines& lines, const std::string& folder);

}  // namespace certo::webserver
