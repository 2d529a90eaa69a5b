// Certificate revocation lists (RFC 5280 section 5).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "crypto/certificate.h"

namespace certo::crypto {

/// The URLs of http at which a certificate's CRL is (RFC 5280 section 4.2.1.13), at most three. They are as
/// the CA wrote them. None if the extension is missing or damaged.
std::vector<std::string> crl_urls(const Certificate& certificate);

/// A certificate, and what its CRL must be.
struct CrlQuestion {
  const Certificate& leaf;
  const Certificate& issuer;  // has signed the leaf
  std::string url;            // of the CRL
  Time now{};
};

struct Revocation {
  Time at{};
  std::string reason{};  // "keyCompromise"; "" if the CRL does not say it
};

struct Crl {
  Time this_update{}, next_update{};
  std::optional<Revocation> revocation{};  // of the certificate that was asked about
};

/// Reads a CRL, DER. Throws Error{protocol} unless the issuer of the certificate has signed it, it is valid
/// now, and it is complete for certificates that have this URL. A CRL with a critical extension that certo
/// does not know, a delta CRL, and one that lists certificates of other issuers are refused, too.
Crl read_crl(std::span<const uint8_t> der, const CrlQuestion& question);

}  // namespace certo::crypto
