// The server's part of a tls-alpn-01 validation (RFC 8737; for addresses RFC 8738), on mbedTLS: certificates
// that hold a key authorization, and the handshake that shows one of them.
#pragma once

#include <memory>
#include <string>

#include "crypto/name.h"

namespace certo::crypto {

/// The name that a CA sends in its SNI: the DNS name, or the name of the address in in-addr.arpa or ip6.arpa.
std::string server_name(const Identifier& identifier);

/// What may be shown. One private key serves all certificates, and ends with the object.
class AlpnCertificates {
 public:
  AlpnCertificates();
  ~AlpnCertificates();

  /// From now on, whoever asks for `identifier` by acme-tls/1 sees its certificate: self-signed, on P-256,
  /// for exactly this identifier, with the SHA-256 of the key authorization. Any thread may call this and
  /// `remove`.
  void add(const Identifier& identifier, const std::string& key_authorization);
  void remove(const Identifier& identifier);

 private:
  friend class AlpnHandshake;
  struct State;
  std::unique_ptr<State> state_;
};

/// One client that connected. A hello without acme-tls/1, or for a name that is not there, ends with an
/// alert.
class AlpnHandshake {
 public:
  enum class Waits { to_read, to_write, no_longer };

  /// `fd` does not block. It belongs to the caller, and so do the certificates: both must outlive this.
  AlpnHandshake(const AlpnCertificates& certificates, int fd);
  ~AlpnHandshake();

  /// Continues until the descriptor would block, or the handshake has ended.
  Waits go_on();
  /// "asked for a.example by acme-tls/1: shown": for a person, printable.
  std::string summary() const;

 private:
  friend class AlpnCertificates;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace certo::crypto
