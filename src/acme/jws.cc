#include "acme/jws.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/hash.h"

namespace certo::acme {
namespace {

using crypto::KeyType;
using crypto::PublicKey;

/// nullptr for RSA.
const char* curve(KeyType type) {
  switch (type) {
    case KeyType::ec256: return "P-256";
    case KeyType::ec384: return "P-384";
    case KeyType::ec521: return "P-521";
    case KeyType::rsa2048:
    case KeyType::rsa3072:
    case KeyType::rsa4096: break;
  }
  return nullptr;
}

Json jwk_json(const PublicKey& key) {  // members in lexical order (RFC 7638 section 3)
  Json json = Json::object();
  if (const char* const name = curve(key.type)) {
    json.set("crv", name).set("kty", "EC");
    json.set("x", base64url(key.x)).set("y", base64url(key.y));
  } else {
    json.set("e", base64url(key.e)).set("kty", "RSA").set("n", base64url(key.n));
  }
  return json;
}

/// RFC 7518 section 3.2; "" for another name.
std::string_view hash_of_mac(std::string_view algorithm) {
  if (algorithm == "HS256") return "sha256";
  if (algorithm == "HS384") return "sha384";
  return algorithm == "HS512" ? "sha512" : "";
}

std::string flattened(const Json& protected_header, std::string_view payload, const auto& sign) {
  const std::string head = base64url(as_bytes(to_json(protected_header)));
  const std::string body = base64url(as_bytes(payload));
  const std::string signature = base64url(sign(head + "." + body));
  return R"({"protected":")" + head + R"(","payload":")" + body + R"(","signature":")" + signature + R"("})";
}

}  // namespace

const char* algorithm(KeyType type) {
  switch (type) {
    case KeyType::ec256: return "ES256";
    case KeyType::ec384: return "ES384";
    case KeyType::ec521: return "ES512";
    case KeyType::rsa2048:
    case KeyType::rsa3072:
    case KeyType::rsa4096: return "RS256";
  }
  throw Error(Exit::bug, "a key of no known type");
}

std::optional<KeyType> key_type_for(std::string_view name) {
  for (const KeyType type : {KeyType::ec256, KeyType::ec384, KeyType::ec521, KeyType::rsa2048})
    if (name == algorithm(type)) return type;
  return {};
}

std::string jwk(const PublicKey& key) { return to_json(jwk_json(key)); }

std::string thumbprint(const PublicKey& key) { return base64url(crypto::sha256(jwk(key))); }

std::string sign_jws(const crypto::Signer& key, const std::string& kid, const std::string& nonce,
                     const std::string& url, std::string_view payload) {
  Json head = Json::object();
  head.set("alg", algorithm(key.public_key().type)).set("nonce", nonce).set("url", url);
  if (kid.empty())
    head.set("jwk", jwk_json(key.public_key()));
  else
    head.set("kid", kid);
  return flattened(head, payload, [&](const std::string& text) { return key.sign(text); });
}

std::string sign_inner_jws(const crypto::Signer& key, const std::string& url, std::string_view payload) {
  Json head = Json::object();
  head.set("alg", algorithm(key.public_key().type)).set("url", url).set("jwk", jwk_json(key.public_key()));
  return flattened(head, payload, [&](const std::string& text) { return key.sign(text); });
}

bool is_mac_algorithm(std::string_view name) { return !hash_of_mac(name).empty(); }

std::string sign_external_binding(const PublicKey& account_key, const std::string& algorithm,
                                  const std::string& kid, std::string_view hmac_key, const std::string& url) {
  Json head = Json::object();
  head.set("alg", algorithm).set("kid", kid).set("url", url);
  return flattened(head, jwk(account_key), [&](const std::string& text) {
    return crypto::hmac(hash_of_mac(algorithm), as_bytes(hmac_key), text);
  });
}

std::string key_authorization(const std::string& token, const std::string& account_thumbprint) {
  return token + "." + account_thumbprint;
}

std::string dns01_value(const std::string& authorization) { return base64url(crypto::sha256(authorization)); }

}  // namespace certo::acme
