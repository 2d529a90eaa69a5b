#include "crypto/jwk.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "crypto/mbed.h"
#include "crypto/pem.h"

namespace certo::crypto {
namespace {

Bytes number(const Fields& jwk, const char* member) {
  std::optional<Bytes> bytes = from_base64url(jwk.string(member));
  if (!bytes || bytes->empty())
    throw Error(Exit::bad_input, jwk.subject() + ": \"" + member + "\" is not a number in base64url");
  return *std::move(bytes);
}

/// An INTEGER that is not negative: without zeros in front, but for one that keeps the sign.
mbed::Secret integer(const Fields& jwk, const char* member) {
  mbed::Secret bytes(number(jwk, member));
  const auto first = std::ranges::find_if(bytes, [](uint8_t byte) { return byte != 0; });
  bytes.erase(bytes.begin(), first);
  if (bytes.empty() || bytes.front() >= 0x80) bytes.insert(bytes.begin(), 0);
  return mbed::Secret(der::element(der::integer_tag, {bytes}));
}

/// RSAPrivateKey (RFC 8017 appendix A.1.2).
std::string rsa_pem(const Fields& jwk) {
  const mbed::Secret n = integer(jwk, "n"), e = integer(jwk, "e"), d = integer(jwk, "d");
  const mbed::Secret p = integer(jwk, "p"), q = integer(jwk, "q");
  const mbed::Secret dp = integer(jwk, "dp"), dq = integer(jwk, "dq"), qi = integer(jwk, "qi");
  const mbed::Secret key(der::sequence({der::small_integer(0), n, e, d, p, q, dp, dq, qi}));
  return write_pem("RSA PRIVATE KEY", key);
}

struct Curve {
  std::string_view name;
  size_t size;  // of a coordinate, in bytes
  std::string_view oid;
};
constexpr Curve curves[] = {{"P-256", 32, "\x2a\x86\x48\xce\x3d\x03\x01\x07"},
                            {"P-384", 48, {"\x2b\x81\x04\x00\x22", 5}},
                            {"P-521", 66, {"\x2b\x81\x04\x00\x23", 5}}};

/// ECPrivateKey (RFC 5915).
std::string ec_pem(const Fields& jwk) {
  const std::string curve = jwk.string("crv");
  const Curve* const known = std::ranges::find(curves, curve, &Curve::name);
  if (known == std::end(curves))
    throw Error(Exit::bad_input, jwk.subject() + ": it is a key on the curve '" + curve + "'",
                "certo takes P-256, P-384 and P-521");
  const size_t size = known->size;
  const mbed::Secret d(number(jwk, "d"));
  const Bytes x = number(jwk, "x"), y = number(jwk, "y");
  if (d.size() != size || x.size() != size || y.size() != size)
    throw Error(Exit::bad_input, jwk.subject() + ": its numbers are not of the length of " + curve);
  const Bytes oid = der::element(der::oid_tag, {as_bytes(known->oid)});
  const Bytes uncompressed = {4};
  const Bytes point = der::bit_string(der::concat({uncompressed, x, y}));
  const mbed::Secret scalar(der::octet_string(d));
  const mbed::Secret key(
      der::sequence({der::small_integer(1), scalar, der::element(der::context(0, true), {oid}),
                     der::element(der::context(1, true), {point})}));
  return write_pem("EC PRIVATE KEY", key);
}

}  // namespace

PrivateKey private_key_of_jwk(std::string_view json, const std::string& subject) {
  const Json document = parse_json(json, subject, Exit::bad_input);
  const Fields jwk(document, subject, Exit::bad_input);
  const std::string type = jwk.string("kty");
  if (type != "RSA" && type != "EC")
    throw Error(Exit::bad_input, subject + ": it is a key of the type '" + type + "'",
                "certo takes RSA and EC");
  return PrivateKey::from_pem(type == "RSA" ? rsa_pem(jwk) : ec_pem(jwk), subject);
}

}  // namespace certo::crypto
