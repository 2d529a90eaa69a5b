// External accounts (RFC 8555 section 7.3.4): how a person gets one, and the CAs that give one to a
// program.
//
// ZeroSSL has an API outside of ACME that makes a key identifier and an HMAC key for an e-mail address or for
// an API key. The table of CAs has its URLs (store/servers.json).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acme/account.h"
#include "base/time.h"
#include "net/http.h"
#include "store/servers.h"

namespace certo::renew {

/// What a CA may make an external account for.
struct ExternalApplicant {
  std::string api_key;               // at the CA; "" for none
  std::vector<std::string> contact;  // "mailto:…"
};

/// Whether the CA makes one for this applicant.
bool gives_external_account(const store::Server& server, const ExternalApplicant& applicant);
/// Asks the CA for it. Throws Error{config} with the CA's reason, {unreachable} or {protocol}.
acme::ExternalBinding external_account_of(net::Transport& http, const store::Server& server,
                                          const ExternalApplicant& applicant, const Deadline& deadline);

/// What a person can do. `server`: nullptr if the table does not have the CA.
std::string external_account_hint(const store::Server* server);

}  // namespace certo::renew
