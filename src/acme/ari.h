// Renewal information (RFC 9773).
#pragma once

#include <optional>
#include <string>

#include "acme/client.h"
#include "crypto/certificate.h"

namespace certo::acme {

/// base64url(keyIdentifier) "." base64url(serial) (section 4.1); nothing if the certificate has no authority
/// key identifier.
std::optional<std::string> renewal_id(const crypto::Certificate& certificate);

struct RenewalInfo {
  Time start{}, end{};  // the suggested window
  std::string explanation_url;
  Seconds ask_again{};  // Retry-After, clamped to 1 minute … 1 day (section 4.3.2); 6 h when absent
};

/// Nothing if the CA has no renewal information. Throws Error{protocol} for a window that ends before it
/// starts.
std::optional<RenewalInfo> renewal_info(Client& client, const crypto::Certificate& certificate);

}  // namespace certo::acme
