// Certificate signing requests (PKCS#10, RFC 2986). The DER is written here: mbedTLS
// can only sign with a key that it holds itself, and it reverses the names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/key.h"
#include "crypto/name.h"

namespace certo::crypto {

/// DER of a request for `identifiers` (DNS names in ASCII and IP addresses) in their order, in
/// subjectAltName; the subject is empty (the CA takes the names from the extension, and a name over 64 bytes
/// would not fit).
/// `must_staple`: with the TLS feature extension for status_request (RFC 7633).
enum class Staple { may, must };
Bytes make_csr(const Signer& key, const std::vector<Identifier>& identifiers, Staple staple = Staple::may);

struct Csr {
  Bytes der;
  Bytes spki;  // the public key, DER
  bool must_staple = false;
  std::string key_description;          // "ec-256", "rsa-2048", …; also of a key that certo cannot make
  std::vector<Identifier> identifiers;  // of subjectAltName, and the common name when it is a name; no
                                        // duplicates
};
/// Throws Error{bad_input}: no CSR, wrong signature, no names.
Csr parse_csr(std::string_view pem_or_der, const std::string& subject);
Csr parse_csr_pem(std::string_view pem, const std::string& subject);
Csr parse_csr_der(std::span<const uint8_t> der, const std::string& subject);
std::string csr_pem(std::span<const uint8_t> der);

}  // namespace certo::crypto
