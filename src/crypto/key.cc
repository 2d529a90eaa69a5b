#include "crypto/key.h"

#include <mbedtls/ecp.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/mbed.h"
#include "crypto/pem.h"
#include "crypto/random.h"

namespace certo::crypto {

// sign() is called by several threads. mbedTLS locks an RSA key around its blinding values; an EC key is
// only read as long as the multiples of the curve's base point are constants of the library.
#ifndef MBEDTLS_THREADING_C
#error "mbedTLS must be built with MBEDTLS_THREADING_C"
#endif
static_assert(MBEDTLS_ECP_FIXED_POINT_OPTIM == 1);

namespace {

struct Row {
  KeyType type;
  std::string_view name;
  unsigned bits;
  mbedtls_ecp_group_id curve;                 // none for RSA
  std::array<std::string_view, 4> spellings;  // lower case, without '-'
};
constexpr Row rows[] = {
    {KeyType::ec256, "ec-256", 256, MBEDTLS_ECP_DP_SECP256R1, {"ec256", "p256", "prime256v1", "secp256r1"}},
    {KeyType::ec384, "ec-384", 384, MBEDTLS_ECP_DP_SECP384R1, {"ec384", "p384", "secp384r1"}},
    {KeyType::ec521, "ec-521", 521, MBEDTLS_ECP_DP_SECP521R1, {"ec521", "p521", "secp521r1"}},
    {KeyType::rsa2048, "rsa-2048", 2048, MBEDTLS_ECP_DP_NONE, {"rsa2048", "2048"}},
    {KeyType::rsa3072, "rsa-3072", 3072, MBEDTLS_ECP_DP_NONE, {"rsa3072", "3072"}},
    {KeyType::rsa4096, "rsa-4096", 4096, MBEDTLS_ECP_DP_NONE, {"rsa4096", "4096"}},
};
constexpr int rsa_exponent = 65537;

const Row& row(KeyType type) { return *std::ranges::find(rows, type, &Row::type); }
bool is_ec(const Row& row) { return row.curve != MBEDTLS_ECP_DP_NONE; }

std::string known_names() {
  std::vector<std::string> names;
  for (const Row& one : rows) names.emplace_back(one.name);
  return join(names, ", ");
}

mbedtls_md_type_t hash_of(KeyType type) {
  if (type == KeyType::ec384) return MBEDTLS_MD_SHA384;
  return type == KeyType::ec521 ? MBEDTLS_MD_SHA512 : MBEDTLS_MD_SHA256;
}

/// Each candidate for a prime needs random numbers, so a search for primes can be ended here.
int random_bytes_unless_stopped(void* stop, unsigned char* output, size_t length) {
  if (static_cast<const std::stop_token*>(stop)->stop_requested()) return MBEDTLS_ERR_RSA_RNG_FAILED;
  return random_bytes(nullptr, output, length);
}

/// The one private key of a PEM text. A certificate in the same file is common (HAProxy needs both there).
mbed::Secret key_der(std::string_view pem, const std::string& subject) {
  if (pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != pem.npos ||
      pem.find("Proc-Type: 4,ENCRYPTED") != pem.npos) {
    throw Error(Exit::bad_input, subject + " is encrypted with a password",
                "remove the password first: openssl pkey -in FILE -out NEW");
  }
  PemText text = read_pem(pem);
  Bytes* found = nullptr;
  size_t count = 0;
  for (PemBlock& block : text.blocks) {
    if (!block.label.ends_with("PRIVATE KEY")) continue;
    found = &block.der;
    ++count;
  }
  if (count == 1) return mbed::Secret(std::move(*found));
  if (count > 1) throw Error(Exit::bad_input, subject + " holds more than one private key");
  throw Error(Exit::bad_input, subject + (text.damaged ? " is damaged" : " holds no private key"),
              "'certo keygen' makes one, as PEM");
}

/// ECPrivateKey (RFC 5915); the curve is named outside of it.
mbed::Secret sec1(const mbedtls_pk_context& pk, der::View public_point) {
  mbed::Secret scalar(Bytes(MBEDTLS_ECP_MAX_BYTES));
  size_t length = 0;
  mbed::require(mbedtls_ecp_write_key_ext(mbedtls_pk_ec(pk), &length, scalar.data(), scalar.size()),
                "write a key");
  const mbed::Secret octets(der::octet_string(der::View(scalar).first(length)));
  const Bytes point = der::element(der::context(1, true), {public_point});
  return mbed::Secret(der::sequence({der::small_integer(1), octets, point}));
}

/// RSAPrivateKey (RFC 8017).
mbed::Secret pkcs1(const mbedtls_pk_context& pk) {
  mbed::Secret buffer(Bytes(MBEDTLS_MPI_MAX_SIZE * 6));
  const int length = mbedtls_pk_write_key_der(&pk, buffer.data(), buffer.size());
  mbed::require(std::min(length, 0), "write a key");
  return mbed::Secret(Bytes(buffer.end() - length, buffer.end()));  // mbedTLS writes at the end
}

}  // namespace

KeyType key_type(std::string_view name) {
  std::string plain = lower(name);
  std::erase(plain, '-');
  for (const Row& one : rows) {
    if (!plain.empty() && std::ranges::count(one.spellings, plain) > 0) return one.type;
  }
  throw Error(Exit::usage, "'" + std::string(name) + "' is not a key type that certo knows",
              "one of " + known_names());
}

std::string_view name(KeyType type) { return row(type).name; }

struct PrivateKey::State {
  mbed::Pk pk;
  PublicKey public_key;
};

namespace {

/// Of PKCS#8 (RFC 5958 section 2): "Ed25519"; "" if it is none that certo can name.
std::string unsupported_type(der::View pkcs8) {
  try {
    der::Reader info = der::Reader(pkcs8).inside(der::sequence_tag);
    info.content(der::integer_tag);
    return mbed::unsupported_name(info.content(der::sequence_tag));
  } catch (const Error&) {
    return {};
  }
}

/// The digests of the latest keys whose halves belong together. A renewal reads the same few files again and
/// again, and the comparison costs as much as a signature.
class Whole {
 public:
  explicit Whole(der::View pkcs8) : digest_(sha256(pkcs8)) {}
  bool is_known() const {
    const std::lock_guard hold(mutex_);
    return std::ranges::find(latest_, digest_) != latest_.end();
  }
  void remember() const {
    if (is_known()) return;
    const std::lock_guard hold(mutex_);
    latest_[next_++ % latest_.size()] = digest_;
  }

 private:
  static inline std::mutex mutex_;
  static inline std::array<Sha256, 256> latest_{};
  static inline size_t next_ = 0;
  const Sha256 digest_;
};

}  // namespace

PrivateKey::PrivateKey(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->public_key = mbed::public_key(*state_->pk);
}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

PrivateKey PrivateKey::generate(KeyType type, const std::stop_token& stop) {
  const Row& kind = row(type);
  auto state = std::make_unique<State>();
  mbedtls_pk_context* pk = state->pk.get();
  const auto family = is_ec(kind) ? MBEDTLS_PK_ECKEY : MBEDTLS_PK_RSA;
  mbed::require(mbedtls_pk_setup(pk, mbedtls_pk_info_from_type(family)), "make a key");
  void* const state_of_random = const_cast<std::stop_token*>(&stop);
  const int code = is_ec(kind) ? mbedtls_ecp_gen_key(kind.curve, mbedtls_pk_ec(*pk), random_bytes, nullptr)
                               : mbedtls_rsa_gen_key(mbedtls_pk_rsa(*pk), random_bytes_unless_stopped,
                                                     state_of_random, kind.bits, rsa_exponent);
  if (stop.stop_requested()) throw Error(Exit::unreachable, "gave up making the key");
  mbed::require(code, "make a key");
  return PrivateKey(std::move(state));
}

PrivateKey PrivateKey::from_pem(std::string_view pem, const std::string& subject) {
  const mbed::Secret der = key_der(pem, subject);
  auto state = std::make_unique<State>();
  mbedtls_pk_context* pk = state->pk.get();
  if (mbedtls_pk_parse_key(pk, der.data(), der.size(), nullptr, 0, random_bytes, nullptr) != 0) {
    const std::string name = unsupported_type(der);
    throw Error(Exit::bad_input,
                subject + " holds " +
                    (name.empty() ? "no private key" : "a private key of type " + name + ", not one") +
                    " that certo can read",
                "EC on P-256, P-384 or P-521, or RSA");
  }
  if (!mbed::key_type(*pk)) {
    throw Error(Exit::bad_input, subject + " holds a key of type " + mbed::description(*pk),
                "certo takes " + known_names());
  }
  // mbedTLS does not compare the halves when it reads a key.
  const Whole whole(der);
  if (!whole.is_known() && mbedtls_pk_check_pair(pk, pk, random_bytes, nullptr) != 0) {
    throw Error(Exit::bad_input, subject + " is damaged: its private and public half differ");
  }
  whole.remember();
  return PrivateKey(std::move(state));
}

const PublicKey& PrivateKey::public_key() const { return state_->public_key; }

// PKCS#8 (RFC 5208) names the algorithm as the SubjectPublicKeyInfo does; mbedTLS writes only the inner
// forms, PKCS#1 and SEC1.
std::string PrivateKey::pkcs8_pem() const {
  der::Reader spki = der::Reader(state_->public_key.spki).inside(der::sequence_tag);
  const der::View algorithm = spki.whole();
  const der::View point = spki.whole();

  const mbed::Secret key =
      is_ec(row(state_->public_key.type)) ? sec1(*state_->pk, point) : pkcs1(*state_->pk);
  const mbed::Secret wrapped(der::octet_string(key));
  const mbed::Secret info(der::sequence({der::small_integer(0), algorithm, wrapped}));
  Whole(info).remember();  // it was made, or compared when it was read
  return write_pem("PRIVATE KEY", info);
}

Bytes PrivateKey::sign_by(std::string_view algorithm, std::string_view message) const {
  const std::string_view length = algorithm.size() == 5 ? algorithm.substr(2) : "";
  const auto hash = length == "256"   ? MBEDTLS_MD_SHA256
                    : length == "384" ? MBEDTLS_MD_SHA384
                    : length == "512" ? MBEDTLS_MD_SHA512
                                      : MBEDTLS_MD_NONE;
  const bool is_pss = algorithm.starts_with("PS");
  if (hash == MBEDTLS_MD_NONE || (!is_pss && !algorithm.starts_with("RS")))
    throw Error(Exit::bad_input, "'" + std::string(algorithm) + "' is not a signature by RSA");
  if (is_ec(row(state_->public_key.type))) throw Error(Exit::bad_input, "the private key is not an RSA key");
  const Bytes digest = mbed::digest(hash, as_bytes(message));
  Bytes signature(MBEDTLS_PK_SIGNATURE_MAX_SIZE);
  size_t made = 0;
  mbed::require(mbedtls_pk_sign_ext(is_pss ? MBEDTLS_PK_RSASSA_PSS : MBEDTLS_PK_RSA, state_->pk.get(), hash,
                                    digest.data(), digest.size(), signature.data(), signature.size(), &made,
                                    random_bytes, nullptr),
                "sign");
  signature.resize(made);
  return signature;
}

Bytes PrivateKey::sign(std::string_view message) const {
  const Row& kind = row(state_->public_key.type);
  const auto hash = hash_of(kind.type);
  const Bytes digest = mbed::digest(hash, as_bytes(message));
  Bytes signature(MBEDTLS_PK_SIGNATURE_MAX_SIZE);
  size_t length = 0;
  mbed::require(mbedtls_pk_sign(state_->pk.get(), hash, digest.data(), digest.size(), signature.data(),
                                signature.size(), &length, random_bytes, nullptr),
                "sign");
  signature.resize(length);
  if (!is_ec(kind)) return signature;

  Bytes raw(2 * state_->public_key.x.size());
  mbed::require(
      mbedtls_ecdsa_der_to_raw(kind.bits, signature.data(), length, raw.data(), raw.size(), &length), "sign");
  return raw;
}

}  // namespace certo::crypto
