#include <doctest/doctest.h>

#include <thread>

#include "base/error.h"
#include "crypto/coming_key.h"
#include "crypto/csr.h"
#include "crypto/der.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/pem.h"
#include "fixtures/rfc7515.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::crypto;
using test::error_of;

namespace {

// One key twice, as OpenSSL writes it.
const std::string sec1 = R"(-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIPtdTkC79Fqrrbye1eoJ/qMjNvJWwGoZvup1OqpO4FnHoAoGCCqGSM49
AwEHoUQDQgAEzhR1VkRNgmKsptiD4HBN7JrC+TaFE5Ubwo1IYXZbu+XMF3/Siakh
6sEfzw0aroZfaIuM1z1urkUdLAdQxT3bdQ==
-----END EC PRIVATE KEY-----
)";
const std::string sample_pkcs8 = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+11OQLv0WqutvJ7V
6gn+oyM28lbAahm+6nU6qk7gWcehRANCAATOFHVWRE2CYqym2IPgcE3smsL5NoUT
lRvCjUhhdlu75cwXf9KJqSHqwR/PDRquhl9oi4zXPW6uRR0sB1DFPdt1
-----END PRIVATE KEY-----
)";

PrivateKey key(const std::string& pem) { return PrivateKey::from_pem(pem, "www.key"); }

/// A SEC1 key of a known private number, without its public half.
std::string sec1_pem(const std::string& scalar_hex, const Bytes& curve) {
  Bytes scalar;
  for (size_t i = 0; i < scalar_hex.size(); i += 2) {
    scalar.push_back(static_cast<uint8_t>(std::stoi(scalar_hex.substr(i, 2), nullptr, 16)));
  }
  const Bytes parameters = der::element(der::context(0, true), {curve});
  return write_pem("EC PRIVATE KEY",
                   der::sequence({der::small_integer(1), der::octet_string(scalar), parameters}));
}

const Bytes p256 = der::oid("\x2a\x86\x48\xce\x3d\x03\x01\x07");
const Bytes p384 = der::oid("\x2b\x81\x04\x00\x22");
const Bytes secp256k1 = der::oid("\x2b\x81\x04\x00\x0a");
const Bytes p521 = der::oid("\x2b\x81\x04\x00\x23");

}  // namespace

TEST_CASE("P-256 signatures are those of RFC 6979") {
  const PrivateKey known =
      key(sec1_pem("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", p256));
  CHECK(hex(known.public_key().x) == "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
  CHECK(hex(known.public_key().y) == "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  CHECK(hex(known.sign("sample")) ==
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
}

TEST_CASE("P-384 signatures are those of RFC 6979") {
  const PrivateKey known = key(sec1_pem(
      "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
      p384));
  CHECK(hex(known.sign("sample")) ==
        "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
        "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8");
}

TEST_CASE("P-521 signatures are those of RFC 6979") {
  const PrivateKey known = key(sec1_pem(
      "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc14"
      "66f6d8fbec67db89ec0c08b0e996b83538",
      p521));
  CHECK(known.public_key().x.size() == 66);
  CHECK(
      hex(known.sign("sample")) ==
      "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8"
      "455cc91f9b15bf05ec36e377fa"
      "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8cc"
      "b1dccc43997f1ee0e44da4a67a");
}

TEST_CASE("numbers with leading zeros keep the width of the field") {
  const PrivateKey one = key(sec1_pem(std::string(62, '0') + "01", p256));
  CHECK(key(one.pkcs8_pem()).public_key() == one.public_key());
  CHECK(read_pem(one.pkcs8_pem()).blocks.at(0).der.size() == read_pem(sample_pkcs8).blocks.at(0).der.size());
  for (int i = 0; i < 300; ++i) CHECK(one.sign(std::to_string(i)).size() == 64);
}

TEST_CASE("a key is written as OpenSSL writes it") {
  CHECK(key(sample_pkcs8).pkcs8_pem() == sample_pkcs8);
  CHECK(key(sec1).pkcs8_pem() == sample_pkcs8);
  CHECK(key(sec1).public_key() == key(sample_pkcs8).public_key());
}

TEST_CASE("new keys differ, and are the same after they were written and read") {
  for (KeyType type : {KeyType::ec256, KeyType::ec384, KeyType::ec521}) {
    const PrivateKey first = PrivateKey::generate(type), second = PrivateKey::generate(type);
    CHECK(first.public_key().type == type);
    CHECK_FALSE(first.public_key() == second.public_key());
    const PrivateKey again = key(first.pkcs8_pem());
    CHECK(again.public_key() == first.public_key());
    CHECK(again.public_key().type == type);
    CHECK(again.sign("text") == first.sign("text"));
    CHECK(first.public_key().y.size() == (type == KeyType::ec256 ? 32 : type == KeyType::ec384 ? 48 : 66));
  }
}

TEST_CASE("an RSA key is read from PKCS#8 and PKCS#1, and signs") {
  const PrivateKey rsa = PrivateKey::generate(KeyType::rsa2048);
  CHECK(rsa.public_key().n.size() == 256);
  CHECK(rsa.public_key().e == Bytes{1, 0, 1});
  CHECK(rsa.sign("text").size() == 256);
  CHECK(key(rsa.pkcs8_pem()).sign("text") == rsa.sign("text"));

  const Bytes pkcs8 = read_pem(rsa.pkcs8_pem()).blocks.at(0).der;
  der::Reader info = der::Reader(pkcs8).inside(der::sequence_tag);
  info.any();  // version
  info.any();  // algorithm
  CHECK(key(write_pem("RSA PRIVATE KEY", info.any())).public_key() == rsa.public_key());

  const Csr csr =
      parse_csr_der(make_csr(rsa, identifiers({"example.com"})), "www.csr");  // checks the signature
  CHECK(csr.spki == rsa.public_key().spki);
}

TEST_CASE("RSA signs by the algorithms of RFC 7518 that services ask for") {
  const PrivateKey rsa = key(test::rfc7515_key);
  // As openssl dgst -sha512 -sign writes them.
  const auto fingerprint = [&](const char* algorithm) { return hex(sha256(rsa.sign_by(algorithm, "text"))); };
  CHECK(rsa.sign_by("RS256", "text") == rsa.sign("text"));
  CHECK(fingerprint("RS384") == "ecc21c23d1aa796d68f19116c3a52324f66734d57d81f1dd43457b1a0c89761f");
  CHECK(fingerprint("RS512") == "5a2d06b122b845bb2d3d6ace675e2c4af634b250c7de149d435aec80c12025b9");
  CHECK(rsa.sign_by("PS256", "text").size() == 256);
  CHECK(rsa.sign_by("PS256", "text") != rsa.sign_by("PS256", "text"));  // it has a salt
  for (const char* unknown : {"RS1", "HS256", "ES256", "RS2567", ""})
    CHECK(error_of([&] { rsa.sign_by(unknown, "text"); }).code == Exit::bad_input);
  CHECK(error_of([] { PrivateKey::generate(KeyType::ec256).sign_by("RS256", "text"); }).message ==
        "the private key is not an RSA key");
}

TEST_CASE("one key may sign in several threads") {
  const PrivateKey shared = key(sample_pkcs8);
  const Bytes expected = shared.sign("text");
  const auto sign = [&](int& failures) {
    for (int i = 0; i < 50; ++i) failures += shared.sign("text") != expected;
  };
  int there = 0, here = 0;
  std::thread other(sign, std::ref(there));
  sign(here);
  other.join();
  CHECK(there + here == 0);
}

TEST_CASE("other things in the file of a key do not matter") {
  const std::string certificate = write_pem("CERTIFICATE", as_bytes("whatever"));
  CHECK(key(certificate + sample_pkcs8).public_key() == key(sample_pkcs8).public_key());
  CHECK(key("Bag Attributes\n" + sample_pkcs8).public_key() == key(sample_pkcs8).public_key());
  CHECK(key(write_pem("EC PARAMETERS", p256) + sec1).public_key() == key(sample_pkcs8).public_key());
}

TEST_CASE("an unusable key is refused with the name of its file") {
  CHECK(error_of([&] { key(""); }).message == "www.key holds no private key");
  CHECK(error_of([&] { key(write_pem("CERTIFICATE", as_bytes("x"))); }).message ==
        "www.key holds no private key");
  CHECK(error_of([&] { key(sample_pkcs8 + sec1); }).message == "www.key holds more than one private key");
  CHECK(error_of([&] { key(sample_pkcs8.substr(0, 100)); }).message == "www.key is damaged");
  CHECK(error_of([&] { key(write_pem("PRIVATE KEY", as_bytes("garbage"))); }).message ==
        "www.key holds no private key that certo can read");
  CHECK(error_of([&] { key(sec1_pem(std::string(63, '0') + "1", secp256k1)); }).message ==
        "www.key holds a key of type secp256k1");
}

TEST_CASE("an encrypted key is refused as such") {
  const std::string pkcs8 = write_pem("ENCRYPTED PRIVATE KEY", as_bytes("x"));
  const std::string old =
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nYWJj\n-----END RSA PRIVATE KEY-----\n";
  CHECK(error_of([&] { key(pkcs8); }).message == "www.key is encrypted with a password");
  CHECK(error_of([&] { key(old); }).message == "www.key is encrypted with a password");
}

TEST_CASE("a key whose halves do not belong together is refused") {
  Bytes der = read_pem(sec1).blocks.at(0).der;
  der[20] ^= 1;  // in the private number
  for (int again = 0; again < 3; ++again) {
    key(sec1);  // that certo knows a sound key does not matter
    CHECK(error_of([&] { key(write_pem("EC PRIVATE KEY", der)); }).message ==
          "www.key is damaged: its private and public half differ");
  }
}

TEST_CASE("key types have one name and many spellings") {
  for (const char* text : {"ec-256", "EC256", "P-256", "p256", "prime256v1"})
    CHECK(key_type(text) == KeyType::ec256);
  for (const char* text : {"ec-384", "P384", "secp384r1"}) CHECK(key_type(text) == KeyType::ec384);
  for (const char* text : {"ec-521", "P521", "secp521r1"}) CHECK(key_type(text) == KeyType::ec521);
  CHECK(key_type("2048") == KeyType::rsa2048);
  CHECK(key_type("RSA3072") == KeyType::rsa3072);
  CHECK(key_type("rsa-4096") == KeyType::rsa4096);
  CHECK(name(KeyType::rsa4096) == "rsa-4096");
  for (const char* text : {"", "-", "ec-512", "1024", "rsa"}) {
    CHECK(error_of([&] { key_type(text); }).message.find("is not a key type that certo knows") !=
          std::string::npos);
  }
}

TEST_CASE("the making of an RSA key can be given up") {
  std::stop_source stop;
  stop.request_stop();
  CHECK(error_of([&] { PrivateKey::generate(KeyType::rsa4096, stop.get_token()); }).code ==
        Exit::unreachable);
}

TEST_CASE("a key that is not ready at the deadline is given up") {
  ComingKey coming(KeyType::rsa4096);
  const Error error = error_of([&] { coming.get(Deadline(Millis(0))); });
  CHECK(error.code == Exit::unreachable);
  CHECK(error.message == "gave up at the deadline, making the key");
}

TEST_CASE("a key that nobody needs any more is given up") { const ComingKey coming(KeyType::rsa4096); }
