// X.509 certificates (RFC 5280): reading them, and the check that a CA's answer must pass
// before it gets to the disk.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/exit.h"
#include "base/time.h"
#include "crypto/key.h"
#include "crypto/name.h"

namespace certo::crypto {

struct Certificate {
  Bytes der;
  std::vector<Identifier> identifiers;  // subjectAltName: DNS and IP
  Bytes spki;                           // the public key, DER
  std::string key_description;          // "ec-256", "rsa-2048", …
  std::string subject, issuer;          // "CN=…", printable
  std::string issuer_cn;                // common name of the issuer, for --preferred-chain
  Bytes serial;            // content octets of the INTEGER, sign byte included (RFC 9773 needs it)
  Bytes authority_key_id;  // keyIdentifier; empty if absent
  Bytes subject_key_id;
  Time not_before{}, not_after{};
  bool is_ca = false;
  bool is_for_servers = false;  // its extended key usage names serverAuth (or any)
  bool must_staple = false;     // its TLS feature extension names status_request (RFC 7633)
  bool has_weak_key = false;    // RSA of less than 2048 bits, or a curve of less than 256
  std::string serial_hex() const;
};

/// Throws Error{on_error}. A critical acmeIdentifier extension (RFC 8737) is understood.
Certificate parse_certificate(std::span<const uint8_t> der, const std::string& subject, Exit on_error);

/// All certificates of a PEM text, leaf first. Any block but CERTIFICATE, text between blocks other than
/// white space, none at all, more than `most`, or over 256 KiB: Error{on_error}.
std::vector<Certificate> parse_chain(std::string_view pem, const std::string& subject, Exit on_error,
                                     size_t most = 10);

std::string pem(const Certificate& certificate);  // written again from DER
std::string pem(std::span<const Certificate> certificates);

/// The requested certificate, with which the answer is compared.
struct Wanted {
  Bytes spki;                           // of our key
  std::vector<Identifier> identifiers;  // as requested
  bool allows_weak_issuers = false;     // a private CA, whose operator chose so
  Time starts{};                        // as requested; zero: at once
};

/// Throws Error{protocol} unless: the leaf is for our key and for TLS servers, and is not one of a CA; its
/// names are all that were requested, plus at most the base of a requested `www.` or `*.` name or `www.` of a
/// requested base; each certificate is valid now (notBefore may be an hour ahead); each is signed by the
/// next, whose key is not weak (a last one that is not self-signed is fine). Returns the extra names, for a
/// warning.
std::vector<Identifier> check_chain(const std::vector<Certificate>& chain, const Wanted& wanted, Time now);

/// True if `issuer` signed `child` and is allowed to.
bool is_signed_by(const Certificate& child, const Certificate& issuer);

}  // namespace certo::crypto
