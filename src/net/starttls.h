// The dialogue in clear text before TLS: SMTP (RFC 3207), IMAP and POP3 (RFC 2595), FTP (RFC 4217), LMTP,
// NNTP (RFC 4642), ManageSieve (RFC 5804), PostgreSQL, MySQL and LDAP (RFC 4511). For this folder only.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace certo::net {

std::vector<std::string> starttls_protocols();

/// Talks on the connected socket until the server is ready for TLS. Throws Error{unreachable} that begins
/// with `subject`.
void start_tls(int socket, const std::string& protocol, const Deadline& until, const std::string& subject);

}  // namespace certo::net
