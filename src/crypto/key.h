// Private keys, used through one interface, `Signer`, so that JWS and CSR need no second path
// for other kinds of keys (a token, an external program).
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace certo::crypto {

enum class KeyType { ec256, ec384, ec521, rsa2048, rsa3072, rsa4096 };

/// "ec-256", "ec-384", "ec-521", "rsa-2048", "rsa-3072", "rsa-4096"; also the other clients'
/// spellings ("ec256", "P256", "2048", "rsa2048", "ec-384", "P384", …). Throws Error{usage} listing the
/// names.
KeyType key_type(std::string_view name);
std::string_view name(KeyType type);

/// The public half of a key.
struct PublicKey {
  KeyType type;
  Bytes spki;  // SubjectPublicKeyInfo, DER
  // The members of the JWK (RFC 7518 section 6), big-endian and padded to the
  // field size for EC; minimal for RSA.
  Bytes x, y;  // EC
  Bytes n, e;  // RSA
  bool operator==(const PublicKey& other) const { return spki == other.spki; }
};

/// Each key has its digest: ES256 and RS256 use SHA-256, ES384 uses SHA-384, ES512 (on P-521) SHA-512.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;
  /// Signs `message` (hashed here). EC: r || s, each padded to the field size (RFC 7518
  /// section 3.4); RSA: PKCS#1 v1.5. May be called by several threads.
  virtual Bytes sign(std::string_view message) const = 0;
};

/// A key in memory, from a file.
class PrivateKey : public Signer {
 public:
  /// RSA takes seconds; throws Error{unreachable} when `stop` is requested.
  static PrivateKey generate(KeyType type, const std::stop_token& stop = {});
  /// PKCS#8, PKCS#1 or SEC1 PEM, unencrypted. Throws Error{bad_input} naming `subject`:
  /// no key, encrypted, wrong curve, RSA shorter than 2048 or longer than 4096.
  static PrivateKey from_pem(std::string_view pem, const std::string& subject);

  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey() override;

  std::string pkcs8_pem() const;
  const PublicKey& public_key() const override;
  Bytes sign(std::string_view message) const override;
  /// With an RSA key: "RS256", "RS384", "RS512" (PKCS#1 v1.5), "PS256", "PS384" or "PS512" (PSS) of RFC 7518.
  /// Throws Error{bad_input} for another key or algorithm.
  Bytes sign_by(std::string_view algorithm, std::string_view message) const;

 private:
  struct State;
  explicit PrivateKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace certo::crypto
