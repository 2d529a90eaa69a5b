// The parts of mbedTLS that the files of this folder share: contexts that free themselves, and its keys
// and certificates in certo's types. For this folder only.
#pragma once

#include <mbedtls/bignum.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/x509_crt.h>

extern "C" {
#include <mbedtls/psa_util.h>  // forgets C++ in 3.6
}

#include <optional>
#include <string>
#include <utility>

#include "base/algorithm.h"
#include "crypto/der.h"
#include "crypto/key.h"

namespace certo::crypto::mbed {

template <class Context, void (*init)(Context*), void (*free)(Context*)>
class Owned {
 public:
  Owned() { init(&context_); }
  ~Owned() { free(&context_); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

  Context* get() { return &context_; }
  const Context* get() const { return &context_; }
  Context* operator->() { return &context_; }
  const Context& operator*() const { return context_; }

 private:
  Context context_;
};
using Pk = Owned<mbedtls_pk_context, mbedtls_pk_init, mbedtls_pk_free>;
using Mpi = Owned<mbedtls_mpi, mbedtls_mpi_init, mbedtls_mpi_free>;
using Crt = Owned<mbedtls_x509_crt, mbedtls_x509_crt_init, mbedtls_x509_crt_free>;

/// Bytes of a private key, overwritten by the destructor.
struct Secret : Bytes {
  explicit Secret(Bytes&& bytes) : Bytes(std::move(bytes)) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { mbedtls_platform_zeroize(data(), size()); }
};

std::string reason(int code);  // mbedTLS's own words
/// For calls that fail only if memory is short or certo has a bug: throws Error{bug} unless `code` is 0.
void require(int code, const char* what);

Bytes digest(mbedtls_md_type_t hash, der::View message);

/// Throws Error{bug} if certo has no KeyType for the key.
PublicKey public_key(const mbedtls_pk_context& key);
std::optional<KeyType> key_type(const mbedtls_pk_context& key);
Bytes spki(const mbedtls_pk_context& key);
std::string description(const mbedtls_pk_context& key);  // "ec-256", "rsa-1024", "secp256k1"

/// "Ed25519", …: the name of a type of key or signature that mbedTLS does not know. `algorithm`: the content
/// of an AlgorithmIdentifier. "" for other types.
std::string unsupported_name(der::View algorithm);
/// The same; "OID 1.2.3" for other types.
std::string name_or_oid(der::View algorithm);

/// Throws Error{bad_input} unless `spki` is a key that certo has a KeyType for.
void parse(mbedtls_pk_context& key, der::View spki);
/// Also a key of a type that certo cannot make (another curve, RSA of another length).
void parse_any(mbedtls_pk_context& key, der::View spki);
/// Parses `der`, which is one certificate and must outlive `certificate`. Returns 0 or mbedTLS's code.
int parse(mbedtls_x509_crt& certificate, der::View der);

/// Also false for a hash that is shorter than SHA-256. `options` are mbedTLS's, for RSASSA-PSS.
bool verifies(mbedtls_pk_context& key, mbedtls_pk_type_t algorithm, const void* options,
              mbedtls_md_type_t hash, der::View message, der::View signature);

/// The same for the signature of a CSR or CRL. `algorithm`: the content of its AlgorithmIdentifier. `bits`:
/// that of its BIT STRING. std::nullopt if certo cannot read a signature of this type.
std::optional<bool> is_signed(mbedtls_pk_context& key, der::View message, der::View algorithm,
                              der::View bits);

}  // namespace certo::crypto::mbed
