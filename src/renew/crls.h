// Whether the CAs have revoked certificates, by their CRLs (RFC 5280 section 5), which are kept in crls/ of
// the state folder.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "crypto/crl.h"
#include "net/http.h"
#include "store/home.h"

namespace certo::renew {

/// Any thread may call.
class Crls {
 public:
  Crls(const store::Home& home, net::HttpSettings settings) : home_(home), settings_(std::move(settings)) {}

  /// What the CRL of the certificate `chain.front()` says; nothing if the CA has not revoked it, or if the
  /// CRL cannot be had or is not to be believed, which -v tells. `subject`: for that. Throws Interrupted
  /// only.
  std::optional<crypto::Revocation> look(const std::string& subject,
                                         const std::vector<crypto::Certificate>& chain, Time now);

 private:
  crypto::Crl read(const crypto::CrlQuestion& question);
  std::string fetch(const net::Url& url);
  void keep(const std::string& path, const std::string& text, Time now);
  bool has_asked(const std::string& one) const;

  const store::Home& home_;
  const net::HttpSettings settings_;
  std::mutex mutex_;                // of what follows
  std::vector<std::string> asked_;  // URLs, and hosts that do not answer: each is asked once in a run
  std::optional<Deadline> whole_;   // of all requests of a run
  std::unique_ptr<net::Http> http_;
};

}  // namespace certo::renew
