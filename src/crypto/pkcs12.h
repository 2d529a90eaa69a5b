// PKCS#12 (RFC 7292), the ".pfx" of Windows, Java and appliances: written, never read. Key and certificates
// are encrypted by PBES2 (PBKDF2 with HMAC-SHA-256, AES-256-CBC), and the whole has a MAC with SHA-256:
// OpenSSL from 1.1, Java from 8u301 and Windows from 1709 on read that.
#pragma once

#include <span>
#include <string_view>

#include "crypto/certificate.h"
#include "crypto/key.h"

namespace certo::crypto {

/// `chain` begins with the certificate of `key`. `name`: its name in key stores. The password is ASCII
/// (Error{bad_input} otherwise: programs read other characters differently), and may be empty.
Bytes pkcs12(const PrivateKey& key, std::span<const Certificate> chain, std::string_view name,
             std::string_view password);

}  // namespace certo::crypto
