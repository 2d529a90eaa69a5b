// The CA certificates that TLS servers are verified with. Parsing the system's 140
// roots would take most of a short run's CPU time, so the bundle is only indexed here (by
// subject), and a root is parsed when a chain needs it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "net/path_rules.h"

namespace certo::net {

class Roots;

/// SSL_CERT_FILE, else the first known place that exists; empty if there is none.
std::string system_bundle();

class TrustStore {
 public:
  /// `path`: a PEM bundle; empty: SSL_CERT_FILE, else the first known place. Throws
  /// Error{config} with the hint to use --ca-bundle if there is none or it contains no certificate.
  explicit TrustStore(const std::string& path);
  ~TrustStore();

  const Roots& roots() const { return *roots_; }

 private:
  std::unique_ptr<Roots> roots_;
};

/// What in a certificate certo cannot read, although it may be right: "a key of type Ed25519"; "" for
/// nothing.
std::string limit_of(std::span<const uint8_t> der);

/// The same as ServerCheck::limit, of the chain that this thread parsed last. mbedTLS ends a handshake before
/// it asks a check if it cannot read a key.
std::string last_limit();
/// Before a handshake whose chain may not come.
void forget_limit();

/// The check of one transfer's server, and its result.
class ServerCheck {
 public:
  explicit ServerCheck(const TrustStore& store) : store_(store) {}

  /// Makes a curl easy handle (CURL*) verify servers against the store. This must outlive its transfer.
  void apply(void* easy);

  /// The fault of the server's certificate: "is for another name"; empty if there is none.
  std::string fault() const;
  std::string hint() const;
  /// What in the server's chain certo cannot read, although it may be right: "a signature of type Ed25519";
  /// "" for nothing.
  const std::string& limit() const { return limit_; }

  const TrustStore& store() const { return store_; }
  /// The certificates of a chain from the root, which has the greatest depth, to the server's, which has 0.
  void add(int depth, PathRules::Link link);
  const PathRules& rules() const { return rules_; }
  void note_limit(const std::string& limit) { limit_ = limit; }
  void note(uint32_t flags) { flags_ |= flags; }  // MBEDTLS_X509_BADCERT_…

 private:
  const TrustStore& store_;
  uint32_t flags_ = 0;
  PathRules rules_;
  std::string limit_;
  int depth_ = -1;  // of the certificate before
};

}  // namespace certo::net
