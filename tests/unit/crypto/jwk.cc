// Private keys as JSON Web Keys.
#include "crypto/jwk.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "fixtures/rfc7515.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string ec_jwk = R"({"kty":"EC","crv":"P-256","x":"zhR1VkRNgmKsptiD4HBN7JrC-TaFE5Ubwo1IYXZbu-U",)"
                           R"("y":"zBd_0ompIerBH88NGq6GX2iLjNc9bq5FHSwHUMU923U",)"
                           R"("d":"-11OQLv0WqutvJ7V6gn-oyM28lbAahm-6nU6qk7gWcc"})";
const std::string ec_pem =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEIPtdTkC79Fqrrbye1eoJ/qMjNvJWwGoZvup1OqpO4FnHoAoGCCqGSM49\n"
    "AwEHoUQDQgAEzhR1VkRNgmKsptiD4HBN7JrC+TaFE5Ubwo1IYXZbu+XMF3/Siakh\n"
    "6sEfzw0aroZfaIuM1z1urkUdLAdQxT3bdQ==\n"
    "-----END EC PRIVATE KEY-----\n";

std::string with(const std::string& jwk, const std::string& member, Json value) {
  Json json = parse_json(jwk, "test", Exit::bug);
  json.set(member, std::move(value));
  return to_json(json);
}

Error refusal(const std::string& jwk) {
  return error_of([&] { crypto::private_key_of_jwk(jwk, "key.json"); });
}

}  // namespace

TEST_CASE("an RSA key is the same as JWK and as PEM") {
  const auto key = crypto::private_key_of_jwk(rfc7515_jwk, "key.json");
  CHECK(key.pkcs8_pem() == rfc7515_key);
}

TEST_CASE("an EC key is the same as JWK and as PEM") {
  const auto key = crypto::private_key_of_jwk(ec_jwk, "key.json");
  CHECK(key.pkcs8_pem() == crypto::PrivateKey::from_pem(ec_pem, "key.pem").pkcs8_pem());
}

TEST_CASE("a JWK that lacks a member is refused by the member's name") {
  for (const char* member : {"kty", "n", "e", "d", "p", "q", "dp", "dq", "qi"}) {
    const Error error = refusal(with(rfc7515_jwk, member, nullptr));
    CHECK(error.code == Exit::bad_input);
    CHECK(error.message.find("key.json") == 0);
    CHECK(error.message.find('"' + std::string(member) + '"') != std::string::npos);
  }
  for (const char* member : {"crv", "x", "y", "d"})
    CHECK(refusal(with(ec_jwk, member, nullptr)).code == Exit::bad_input);
}

TEST_CASE("a JWK that is damaged is refused") {
  for (const std::string& jwk :
       {std::string("{"), std::string("[]"), with(rfc7515_jwk, "p", "***"), with(rfc7515_jwk, "p", ""),
        with(rfc7515_jwk, "d", "AQAB"), with(rfc7515_jwk, "n", "AQAB"), with(rfc7515_jwk, "q", 7),
        with(ec_jwk, "crv", "P-521"), with(ec_jwk, "x", "AQAB"), with(ec_jwk, "kty", "oct"),
        with(ec_jwk, "d", "zhR1VkRNgmKsptiD4HBN7JrC-TaFE5Ubwo1IYXZbu-U")})
    CHECK(refusal(jwk).code == Exit::bad_input);
}
