#include "crypto/signature.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "crypto/key.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::crypto;

namespace {

// By openssl: ecparam -genkey -name prime256v1, then dgst -sha256 -sign of sample_text.
constexpr std::string_view sample_text = "what is signed\n";
constexpr std::string_view sample_key =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHaAhUYKMkYpPOaqhpBzpSqHplskt8elv/"
    "hKfC6HSGN2GSITrvYy3pyKmCq01nUN3VXZNanzPR40O4Ze6SkHrIg==";
constexpr std::string_view signature =
    "MEYCIQDhQy4hDAoAIJAglWE+a2IDOlJNaMYdAF7LIivzTYRbYgIhAKhZ+L8bqdq1PwDXXPAW9pcFuvI3RNYH9NH09hTDi1qn";

Bytes bytes(std::string_view base64) { return *from_base64(base64); }

}  // namespace

TEST_CASE("a signature that openssl made is good for its text alone") {
  CHECK(is_signed(sample_text, bytes(signature), bytes(sample_key)));
  CHECK_FALSE(is_signed("what is signed", bytes(signature), bytes(sample_key)));
  CHECK_FALSE(is_signed("", bytes(signature), bytes(sample_key)));
  const PrivateKey other = PrivateKey::generate(KeyType::ec256);
  CHECK_FALSE(is_signed(sample_text, bytes(signature), other.public_key().spki));
}

TEST_CASE("a damaged signature is a wrong one") {
  const Bytes good = bytes(signature);
  CHECK_FALSE(is_signed(sample_text, {}, bytes(sample_key)));
  CHECK_FALSE(is_signed(sample_text, Bytes(72, 0), bytes(sample_key)));
  for (size_t i = 0; i < good.size(); ++i) {
    Bytes flipped = good;
    flipped[i] ^= 1;
    INFO("byte " << i);
    CHECK_FALSE(is_signed(sample_text, flipped, bytes(sample_key)));
    CHECK_FALSE(is_signed(sample_text, std::span(good).first(i), bytes(sample_key)));
  }
}

TEST_CASE("only a key on P-256 verifies") {
  for (const KeyType type : {KeyType::ec384, KeyType::rsa2048}) {
    const PrivateKey key = PrivateKey::generate(type);
    const Error error =
        test::error_of([&] { is_signed(sample_text, bytes(signature), key.public_key().spki); });
    CHECK(error.code == Exit::bad_input);
  }
  CHECK(test::error_of([&] {
          is_signed(sample_text, bytes(signature), Bytes{1, 2, 3});
        }).code == Exit::bad_input);
}
