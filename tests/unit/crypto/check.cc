#include <doctest/doctest.h>

#include "base/error.h"
#include "crypto/der.h"
#include "fixtures/certificates.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::crypto;
using namespace certo::test;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

// Roots that OpenSSL made, signed with RSASSA-PSS and on P-521.
const char* const pss_root = R"(-----BEGIN CERTIFICATE-----
MIIDcTCCAiSgAwIBAgIUVyyQubGBC1n5+vI1rwWPASgFiCIwQgYJKoZIhvcNAQEK
MDWgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEF
AKIEAgIA3jATMREwDwYDVQQDDAhQU1MgUm9vdDAeFw0yNjExMjEwNjIzNTJaFw0z
NjExMTgwNjIzNTJaMBMxETAPBgNVBAMMCFBTUyBSb290MIIBIjANBgkqhkiG9w0B
AQEFAAOCAQ8AMIIBCgKCAQEAhlY90T8JdRhRKwMfTRF/gkG3JQru/btVisfV7MS+
slSLsGbL25rS8k8N7BK1mxwLMORiOu16oROC4DKH1eSjocYCnDVhHdEg4hfnfaE4
swh5IAakEMGDHUcVQwPzXw05n3vDxiEBZHN1pY9hC7VCtWKYoidNHnW9NdYm7Zog
lNHyG8wXjQwHzfn2KCgeb38PzB4Xa4tCNOlUqMn/Rns4nOBgC3/T/Ta2SfLvSFYW
Igps0Ev/GEQUiC4fkMNxNnbM64aLxIBae2JVQpY3OVY7rzow1+h8oZ1LQUWrm/SW
dfLQFmQvtOSmkHJ5t6qxj7CCxKTTdS/mp7ikYoI4o/M7JwIDAQABo1MwUTAdBgNV
HQ4EFgQUlFeZE6WgA1S0VhUPqUtLpgPctiQwHwYDVR0jBBgwFoAUlFeZE6WgA1S0
VhUPqUtLpgPctiQwDwYDVR0TAQH/BAUwAwEB/zBCBgkqhkiG9w0BAQowNaAPMA0G
CWCGSAFlAwQCAQUAoRwwGgYJKoZIhvcNAQEIMA0GCWCGSAFlAwQCAQUAogQCAgDe
A4IBAQBmqoNentNZx16M8aiu9oGGj/9hnlJcm+wY74jB5WgPMPW2Zdtq5IS4SNJG
ArFpvxhjzIsYwYmFyflPy922EcdICRWTjGUMmNjLSasn3JgCn3dr9bkvMRYB7TOI
NtRxFh6tM+s5/G9f7q06hD2aUefId51wPvDkTJ2jkEfjsyzAoOxlga3FH38BTKsw
4VFs95O8lK8Bze0elXuxX382fFUSHylicHCrE+wTjbGA0IOXEwqP28cRYEUlLpbg
/txozvO4e7O9YWYIzn1ekOmOxj4cQw9TNeffKJnVhOhD6yVsjnOw7HVaqE21cxiO
iYllHyUdEkAUnG/7EJXTqvLTlDT4
-----END CERTIFICATE-----
)";
const char* const p521_root = R"(-----BEGIN CERTIFICATE-----
MIICBzCCAWigAwIBAgIUF7Mns6NIvaB62hr28RU6EEbByJ4wCgYIKoZIzj0EAwQw
FTETMBEGA1UEAwwKUC01MjEgUm9vdDAeFw0yNjExMjEwNjIzNTJaFw0zNjExMTgw
NjIzNTJaMBUxEzARBgNVBAMMClAtNTIxIFJvb3QwgZswEAYHKoZIzj0CAQYFK4EE
ACMDgYYABADTSK0+Bz9dAvKyVLQnKtifqMTw6A4Bs9fcLUYleZACEdTHTKiSdxX2
TbHecig4IRvoxFjwjsRtMEJfDoAbiz9b+gHb/A1QzmsWBT/IpT6EY2ApIP9KBDs0
hN/ymXfhxFMi5hzFOI9p44ZP4ElK4PHeZILXeEedxX7ucCEH3Q091uQHRaNTMFEw
HQYDVR0OBBYEFPWxvKDuAmetB6Jwf/jtH22K89tCMB8GA1UdIwQYMBaAFPWxvKDu
AmetB6Jwf/jtH22K89tCMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwQDgYwA
MIGIAkIBOAu5JwaAYgXE36ivvpIAs6z43rIE+OqxOhQ2vtpIFtTOogSAt94TZwK8
1e2/+0spHp6UDLa91mehJawTgzkJ9scCQgHq3zG+AAoYsQQ276rezE/OynPwxnGc
JlUZvMpebJ704dPWvhJkPgg/J3uvwXLCg5FsIswceBwpHnDGcXRuDfzPmQ==
-----END CERTIFICATE-----
)";

/// Our key, and a CA with an intermediate that answers for it.
struct World {
  PrivateKey key = PrivateKey::generate(KeyType::ec256);
  Authority root = make_ca("Test Root");
  Authority intermediate = make_ca("Test Intermediate", &root);

  Certificate leaf(const Contents& contents) const {
    return make_leaf(intermediate, key.public_key(), contents);
  }
  std::vector<Certificate> answer(const Contents& contents) const {
    return {leaf(contents), intermediate.certificate};
  }
  Wanted wanted(std::vector<Identifier> identifiers) const { return {key.public_key().spki, identifiers}; }

  /// The fault of an answer that names `given` when `asked` was requested; the extra names if there is none.
  std::string names(const std::vector<std::string>& asked, const std::vector<std::string>& given) const {
    try {
      std::string extra;
      for (const auto& one :
           check_chain(answer({.identifiers = dns(given)}), wanted(dns(asked)), test_time)) {
        extra += "+" + one.value;
      }
      return extra;
    } catch (const Error& error) {
      CHECK(error.code == Exit::protocol);
      return error.message;
    }
  }
  void check(const std::vector<Certificate>& chain) const {
    check_chain(chain, wanted(dns({"example.com"})), test_time);
  }
};

const Contents good_leaf = {.identifiers = dns({"example.com"})};

}  // namespace

TEST_CASE("a good chain passes, with or without its root") {
  const World world;
  const Certificate leaf = world.leaf(good_leaf);
  world.check({leaf, world.intermediate.certificate});
  world.check({leaf, world.intermediate.certificate, world.root.certificate});
  world.check({leaf});
}

TEST_CASE("chains of RSA and P-384 keys pass") {
  const World world;
  for (KeyType type : {KeyType::ec384, KeyType::rsa2048}) {
    const Authority ca = make_ca("Test Root", nullptr, type);
    world.check({make_leaf(ca, world.key.public_key(), good_leaf), ca.certificate});
  }
}

TEST_CASE("RSASSA-PSS and P-521 signatures are understood") {
  for (const char* text : {pss_root, p521_root}) {
    const Certificate root = parse_chain(text, "root", Exit::bug).front();
    CHECK(is_signed_by(root, root));
  }
}

TEST_CASE("a certificate for another key is refused") {
  const World world;
  const PrivateKey other = PrivateKey::generate(KeyType::ec256);
  const Certificate leaf = make_leaf(world.intermediate, other.public_key(), good_leaf);
  CHECK(error_of([&] {
          world.check({leaf, world.intermediate.certificate});
        }).message == "the CA's certificate is for another key than ours");
}

TEST_CASE("a certificate must contain every requested name") {
  const World world;
  CHECK(world.names({"b.example", "a.example"}, {"a.example", "B.example", "a.example"}) == "");
  CHECK(world.names({"a.example", "b.example"}, {"a.example"}) == "the CA's certificate lacks b.example");
  CHECK(world.names({"*.a.example"}, {"a.example"}) == "the CA's certificate lacks *.a.example");
  CHECK(world.names({"www.a.example"}, {"*.a.example"}) == "the CA's certificate lacks www.a.example");
  CHECK(world.names({"a.example"}, {}) == "the CA's certificate lacks a.example");
}

TEST_CASE("names that some CAs add are reported, others refused") {
  const World world;
  CHECK(world.names({"www.a.example"}, {"www.a.example", "a.example"}) == "+a.example");
  CHECK(world.names({"a.example"}, {"www.a.example", "a.example"}) == "+www.a.example");
  CHECK(world.names({"*.a.example"}, {"*.a.example", "a.example"}) == "+a.example");

  const auto refused = [](const std::string& name) {
    return "the CA's certificate names " + name + ", which was not requested";
  };
  CHECK(world.names({"a.example"}, {"a.example", "evil.example"}) == refused("evil.example"));
  CHECK(world.names({"a.example"}, {"a.example", "*.a.example"}) == refused("*.a.example"));
  CHECK(world.names({"b.a.example"}, {"b.a.example", "a.example"}) == refused("a.example"));
  CHECK(world.names({"a.example"}, {"a.example", "www.www.a.example"}) == refused("www.www.a.example"));
}

TEST_CASE("an address is wanted and given as an address") {
  const World world;
  const std::vector<Identifier> ip = {{"ip", "192.0.2.1"}};
  check_chain(world.answer({.identifiers = ip}), world.wanted(ip), test_time);
  CHECK(error_of([&] {
          check_chain(world.answer({.identifiers = dns({"192.0.2.1"})}), world.wanted(ip), test_time);
        }).message == "the CA's certificate lacks 192.0.2.1");
  CHECK(error_of([&] {
          check_chain(world.answer({.identifiers = {{"dns", "example.com"}, {"ip", "192.0.2.1"}}}),
                      world.wanted(dns({"example.com"})), test_time);
        }).message == "the CA's certificate names 192.0.2.1, which was not requested");
}

TEST_CASE("a certificate must be valid now, give or take an hour at its start") {
  const World world;
  const auto check = [&](Time from, Time until) {
    world.check(world.answer({.identifiers = dns({"example.com"}), .not_before = from, .not_after = until}));
  };
  check(test_time + hours(1), test_time + hours(2));
  check(test_time - hours(2), test_time + seconds(1));
  CHECK(error_of([&] { check(test_time + hours(1) + seconds(1), test_time + hours(2)); }).message ==
        "the CA's certificate is valid only from 2026-11-21T03:00:01Z");
  CHECK(error_of([&] { check(test_time - hours(2), test_time); }).message ==
        "the CA's certificate expired at 2026-11-21T02:00:00Z");
}

TEST_CASE("each certificate must be signed by the next") {
  const World world;
  const Certificate leaf = world.leaf(good_leaf);
  const std::string broken =
      "the CA's certificate comes with a broken chain: number 1 is not signed by number 2, ";
  CHECK(error_of([&] { world.check({leaf, world.root.certificate}); }).message == broken + "CN=Test Root");
  CHECK(error_of([&] { world.check({leaf, leaf}); }).message == broken);

  const Authority namesake = make_ca("Test Intermediate", &world.root);
  CHECK(error_of([&] {
          world.check({leaf, namesake.certificate});
        }).message == broken + "CN=Test Intermediate");
  const Authority stranger = make_ca("Test Root");
  CHECK(error_of([&] {
          world.check({leaf, world.intermediate.certificate, stranger.certificate});
        }).message ==
        "the CA's certificate comes with a broken chain: number 2 is not signed by number 3, CN=Test Root");
}

TEST_CASE("a certificate that is not a CA's cannot sign") {
  World world;
  Contents contents;
  contents.subject = "Test Intermediate";
  const Authority no_ca = {world.intermediate.key,
                           make_leaf(world.root, world.intermediate.key->public_key(), contents)};
  const Certificate leaf = make_leaf(no_ca, world.key.public_key(), good_leaf);
  CHECK(is_signed_by(leaf, world.intermediate.certificate));
  CHECK_FALSE(is_signed_by(leaf, no_ca.certificate));

  contents.is_ca = true;
  const Bytes key_usage = der::oid("\x55\x1d\x0f");
  const Bytes digital_signature = {0x03, 0x02, 0x07, 0x80}, key_cert_sign = {0x03, 0x02, 0x02, 0x04};
  contents.extensions = {extension(key_usage, true, digital_signature)};
  CHECK_FALSE(is_signed_by(leaf, make_leaf(world.root, world.intermediate.key->public_key(), contents)));
  contents.extensions = {extension(key_usage, true, key_cert_sign)};
  CHECK(is_signed_by(leaf, make_leaf(world.root, world.intermediate.key->public_key(), contents)));
}

TEST_CASE("a signature with any changed bit is wrong") {
  const World world;
  const Certificate good = world.leaf(good_leaf);
  CHECK(is_signed_by(good, world.intermediate.certificate));
  for (size_t back = 1; back <= 64; ++back) {
    Certificate bad = good;
    bad.der[bad.der.size() - back] ^= 1;
    CHECK_FALSE(is_signed_by(bad, world.intermediate.certificate));
  }
}

TEST_CASE("a check against nothing is a bug, not a pass") {
  const World world;
  error_of([&] { check_chain({}, world.wanted(dns({"example.com"})), test_time); });
  error_of([&] { check_chain(world.answer(good_leaf), world.wanted({}), test_time); });
}

TEST_CASE("a certificate that is not for TLS servers is refused") {
  const World world;
  const auto refusal = [&](Contents contents) {
    contents.identifiers = good_leaf.identifiers;
    return error_of([&] { world.check(world.answer(contents)); }).message;
  };
  CHECK(refusal({.purpose = client_auth}).starts_with("the CA's certificate is not for TLS servers"));
  CHECK(refusal({.purpose = {}}).starts_with("the CA's certificate is not for TLS servers"));
  CHECK(refusal({.is_ca = true}) == "the CA's certificate is one of a CA (CA:TRUE)");
  Bytes both = client_auth;
  both.insert(both.end(), server_auth.begin(), server_auth.end());
  world.check(world.answer({.identifiers = good_leaf.identifiers, .purpose = both}));
}

TEST_CASE("every certificate of the chain must be valid now") {
  const World world;
  const Contents expired{.subject = "Old", .not_after = test_time - seconds(1), .is_ca = true};
  const Contents early{.subject = "New", .not_before = test_time + hours(2), .is_ca = true};
  for (const Contents& contents : {expired, early}) {
    const auto key = std::make_shared<PrivateKey>(PrivateKey::generate(KeyType::ec256));
    const Authority middle{key, make_leaf(world.root, key->public_key(), contents)};
    const Certificate leaf = make_leaf(middle, world.key.public_key(), good_leaf);
    const Error error = error_of([&] { world.check({leaf, middle.certificate, world.root.certificate}); });
    CHECK(error.code == Exit::protocol);
    CHECK(error.message.starts_with("the CA's certificate comes with a chain whose number 2, CN="));
    CHECK_FALSE(error.hint.empty());
  }
}

// A leaf of an RSA key of 1024 bits, made by OpenSSL; certo makes none.
const char* const weak_key = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzk41rz68/lrl9Z7e
J4J+iQrG0/h5JTtkGoDTOoTkKu+hRANCAAQ+7Ldxnv1dynfaGTtDHOTBdSWc1Gjo
MHfcSdXbWMY4fCYLgSsQoX/f9iypfRxlYgINsYLRFPoi0C1xfVDXmdqH
-----END PRIVATE KEY-----
)";
const char* const weak_chain = R"(-----BEGIN CERTIFICATE-----
MIIBwzCCASygAwIBAgIUYtDH0iay7To27ZKW0NTBG6AZc2MwDQYJKoZIhvcNAQEL
BQAwEjEQMA4GA1UEAwwHV2VhayBDQTAeFw0yNjExMjkxNzQ4MzFaFw0zNjExMjYx
NzQ4MzFaMAAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ+7Ldxnv1dynfaGTtD
HOTBdSWc1GjoMHfcSdXbWMY4fCYLgSsQoX/f9iypfRxlYgINsYLRFPoi0C1xfVDX
mdqHo28wbTAWBgNVHREEDzANggtleGFtcGxlLmNvbTATBgNVHSUEDDAKBggrBgEF
BQcDATAdBgNVHQ4EFgQUewyequWYZ4xlxlT7nfeLXfQQex4wHwYDVR0jBBgwFoAU
Fq9PIa9Of0rgus74xoPYEs0OYaEwDQYJKoZIhvcNAQELBQADgYEAe7t3t/fH3ZTx
FtjEtqkVcfRbgSjLZyZd6/4WNxacB+TCThsCOtwtzm0ELG7hOO9d0ODXddBDHgSG
QK85gdYHwL3E8MIrM8YazfYVqgtjd+uHPSd8/0wdpq7QqjdO/jlKHsM0Yd2WnA4h
KTpnTriB+xGuYsfSSMWj2Mq/nch4bBA=
-----END CERTIFICATE-----
-----BEGIN CERTIFICATE-----
MIICADCCAWmgAwIBAgIUV6fOg5Kz66nYIQRCzoZqAUd7IRAwDQYJKoZIhvcNAQEL
BQAwEjEQMA4GA1UEAwwHV2VhayBDQTAeFw0yNjExMjkxNzQ4MzBaFw0zNjExMjYx
NzQ4MzBaMBIxEDAOBgNVBAMMB1dlYWsgQ0EwgZ8wDQYJKoZIhvcNAQEBBQADgY0A
MIGJAoGBAJs0zPKRV2lm7zNFGJv+BybQiwoxxN14pYnyCd6aL7/SffVcK52jTbux
nEaojs2HWsLd53OropFI380jLyGw2L2XM+OoNTPhr6ro866ehzcUaLbBl8VSUjpe
bC2rL1T/YKkwVmWE8EJQ6JDcFZHjioy/Gc8pQIuQYplE7TeaPlsBAgMBAAGjUzBR
MB0GA1UdDgQWBBQWr08hr05/SuC6zvjGg9gSzQ5hoTAfBgNVHSMEGDAWgBQWr08h
r05/SuC6zvjGg9gSzQ5hoTAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUA
A4GBAG+q1GE4BPeY6t9Rv0RzGSc5LrgvUkUE0ftnX7b7E2aaOtE3tzh9YEP1e3Y2
q0HKNYkDaP7SC6GuYUszMFptxcP4vHoiLuBAoecT22Rcgl3uYEwi2cWAXXAYB0la
XyO8Z4MsP0ha8yEV9HZcMIYNYiQbhIHDabFhhfh7uzQKFqFg
-----END CERTIFICATE-----
)";

TEST_CASE("an issuer with a weak key is refused, unless a private CA may have one") {
  const Time later = test_time + std::chrono::days(30);
  Wanted wanted{.spki = PrivateKey::from_pem(weak_key, "key").public_key().spki,
                .identifiers = dns({"example.com"})};
  const auto chain = parse_chain(weak_chain, "chain", Exit::bug);
  const Error error = error_of([&] { check_chain(chain, wanted, later); });
  CHECK(error.code == Exit::protocol);
  CHECK(error.message ==
        "the CA's certificate comes with a chain whose number 2, CN=Weak CA, has a weak key, rsa-1024");
  wanted.allows_weak_issuers = true;
  check_chain(chain, wanted, later);
  wanted.allows_weak_issuers = false;
  check_chain({chain.front()}, wanted, later);  // who signed it is not in the chain
}
