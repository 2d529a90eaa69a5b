// CRLs: what counts, and what is refused because somebody else may have written it.
#include "crypto/crl.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "crypto/pem.h"
#include "fixtures/crl.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::test;
using namespace crypto;
using std::chrono::days;
using std::chrono::hours;

namespace {

const std::string url = "http://crl.example/7.crl";
const Bytes own_serial = {0x4f, 0x1c}, other_serial = {0x4f, 0x1d};

struct Issued {
  Authority authority = make_ca("CRL CA");
  Certificate leaf = make_leaf(authority, PrivateKey::generate(KeyType::ec256).public_key(),
                               {.identifiers = dns({"a.example"}),
                                .serial = own_serial,
                                .extensions = {crl_point({"ldap://x/", url, "https://crl.example/7.crl"})}});

  Crl read(const Bytes& crl, Time now = test_time) const {
    return read_crl(crl, {.leaf = leaf, .issuer = authority.certificate, .url = url, .now = now});
  }
  Crl read(const CrlContents& contents) const { return read(make_crl(authority, contents)); }
  std::string fault(const CrlContents& contents) const {
    const Error error = error_of([&] { read(contents); });
    CHECK(error.code == Exit::protocol);
    return error.message;
  }
};

Bytes issuing_point(const Bytes& fields) {
  return extension(der::oid("\x55\x1d\x1c"), true, der::sequence({fields}));
}

Bytes is_true(int field) { return Bytes{der::context(static_cast<uint8_t>(field), false), 1, 0xff}; }

}  // namespace

TEST_CASE("a certificate says where its CRL is, and only http counts") {
  const Issued issued;
  CHECK(crl_urls(issued.leaf) == std::vector<std::string>{url});
  CHECK(crl_urls(issued.authority.certificate).empty());
  const auto with = [&](Bytes point) {
    return crl_urls(make_leaf(issued.authority, issued.authority.key->public_key(),
                              {.identifiers = dns({"a.example"}), .extensions = {std::move(point)}}));
  };
  CHECK(with(crl_point({"http://a/", "http://b/", "http://c/", "http://d/"})).size() == 3);
  CHECK(with(extension(der::oid("\x55\x1d\x1f"), false, Bytes{0x30, 0x05, 0x01})).empty());
}

TEST_CASE("a CRL says that a certificate was revoked, when and why") {
  const Issued issued;
  CHECK_FALSE(issued.read(CrlContents{}).revocation);
  CHECK_FALSE(issued.read({.entries = {{other_serial}}}).revocation);
  const Crl crl = issued.read({.entries = {{other_serial, {reason(4)}}, {own_serial, {reason(1)}}}});
  REQUIRE(crl.revocation);
  CHECK(crl.revocation->at == test_time - hours(2));
  CHECK(crl.revocation->reason == "keyCompromise");
  CHECK(crl.next_update == test_time + days(7));
  CHECK(issued.read({.entries = {{own_serial}}}).revocation->reason.empty());
  CHECK(issued.read({.entries = {{own_serial, {reason(200)}}}}).revocation->reason.empty());
  CHECK_FALSE(issued.read({.entries = {{own_serial, {reason(8)}}}}).revocation);  // removeFromCRL
}

TEST_CASE("UTCTime is a time, too") {
  const Issued issued;
  const Bytes name = subject_name("CRL CA"), algorithm = signature_algorithm(*issued.authority.key);
  const auto crl_until = [&](std::string_view time) {
    const Bytes until = der::element(0x17, {as_bytes(time)});
    return signed_by(*issued.authority.key, der::sequence({algorithm, name, der_time(test_time), until}));
  };
  CHECK(rfc3339(issued.read(crl_until("270101000000Z")).next_update) == "2027-01-01T00:00:00Z");
  for (const char* odd : {"2701010000Z", "270101000000+0100", "27010100000xZ", "", "990101000000Z"}) {
    CAPTURE(odd);
    CHECK(error_of([&] { issued.read(crl_until(odd)); }).code == Exit::protocol);
  }
}

TEST_CASE("a CRL of somebody else does not count") {
  const Issued issued;
  const Authority other = make_ca("CRL CA"), stranger = make_ca("Stranger");
  const CrlContents revokes{.entries = {{own_serial}}};
  const auto message = [&](const Bytes& crl) { return error_of([&] { issued.read(crl); }).message; };
  CHECK(message(make_crl(other, revokes)) == "the CRL is not signed by the issuer of the certificate");
  CHECK(message(make_crl(stranger, revokes)) == "the CRL is of another issuer");
  Bytes changed = make_crl(issued.authority, {.entries = {{other_serial}}});
  const auto at = std::ranges::search(changed, other_serial);
  std::ranges::copy(own_serial, at.begin());
  CHECK(message(changed) == "the CRL is not signed by the issuer of the certificate");
}

TEST_CASE("a CRL counts between its two times") {
  const Issued issued;
  const Bytes crl = make_crl(issued.authority, {});
  const auto is_good_at = [&](Time now) {
    try {
      issued.read(crl, now);
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  CHECK(is_good_at(test_time + days(7) - Seconds(1)));
  CHECK_FALSE(is_good_at(test_time + days(7)));
  CHECK(is_good_at(test_time - hours(2)));  // the clocks differ a little
  CHECK_FALSE(is_good_at(test_time - hours(3)));
  CHECK(issued.fault({.next_update = {}}) == "the CRL does not say until when it counts");
}

TEST_CASE("a CRL for other certificates is refused") {
  const Issued issued;
  const auto with = [](const Bytes& fields) { return CrlContents{.extensions = {issuing_point(fields)}}; };
  CHECK_FALSE(issued.read(with(uri_name(url))).revocation);
  CHECK_FALSE(issued.read(with(der::concat({uri_name(url), is_true(1)}))).revocation);
  CHECK(issued.fault(with(uri_name("http://crl.example/8.crl"))) == "the CRL is for other URLs");
  for (const int field : {2, 4, 5})
    CHECK(issued.fault(with(is_true(field))) == "the CRL is for other certificates");
  CHECK(issued.fault({.extensions = {extension(der::oid("\x55\x1d\x1b"), true, der::small_integer(1))}}) ==
        "the CRL is a delta CRL");
  const Bytes number = extension(der::oid("\x55\x1d\x14"), false, der::small_integer(7));
  const Bytes unknown = der::oid("\x55\x1d\x7f");
  CHECK_FALSE(issued.read({.extensions = {number, extension(unknown, false, {})}}).revocation);
  CHECK(issued.fault({.extensions = {extension(unknown, true, {})}}).ends_with("that certo does not know"));
  CHECK(issued.fault({.entries = {{own_serial, {extension(unknown, true, {})}}}})
            .ends_with("that certo does not know"));
}

TEST_CASE("what is not a CRL is refused") {
  const Issued issued;
  const Bytes crl = make_crl(issued.authority, {.entries = {{own_serial, {reason(1)}}}});
  for (size_t length = 0; length < crl.size(); ++length)
    CHECK(error_of([&] { issued.read(Bytes(crl.begin(), crl.begin() + length)); }).code == Exit::protocol);
  Bytes longer = crl;
  longer.push_back(0);
  CHECK(error_of([&] { issued.read(longer); }).code == Exit::protocol);
  const std::string html = "<!doctype html><title>Sign in</title>";
  CHECK(error_of([&] {
          issued.read(Bytes(html.begin(), html.end()));
        }).message.starts_with("the CRL cannot be read"));
}

namespace {

// openssl req -x509 -newkey rsa:2048 -subj "/CN=PSS CA"; openssl ca -gencrl -sigopt rsa_padding_mode:pss,
// with SHA-384
constexpr const char* pss_ca = R"(-----BEGIN CERTIFICATE-----
MIIDFTCCAf2gAwIBAgIUPkXh+RBCIqn/r31iBemMedoeVXAwDQYJKoZIhvcNAQEL
BQAwETEPMA0GA1UEAwwGUFNTIENBMCAXDTI2MTIwMTAzMjUyNFoYDzIxMjYxMTA3
MDMyNTI0WjARMQ8wDQYDVQQDDAZQU1MgQ0EwggEiMA0GCSqGSIb3DQEBAQUAA4IB
DwAwggEKAoIBAQC04G9KKpG5eqcmTsL9pRf72/MsFO38eWETzhkZJzqvIUU+yO/+
7MyQJs6+xJ1fkNCICDJyshVuS16AxSoKiHGL5/YcCdFtnRTE1gqhPGCsmAimJpKi
JQO1OZtdqxgx9hzMKb8BK5rFYyTkYUGhlcZ3w4yCiy5DuQm1/dNkN2ibT/eNc8Rv
hxM1i+cY/8UdhFhxOgDzWnjLARspSUp+lwu/5OdxYSUsC5PfAIUqSx3dnVefUpnV
rCgtWwYrdSS+5eeUJdPcgOhhuK4p+uNWp/HLcqlbyXezyUr9fysRKb5+YFrfHMcy
HDxteRSQ1lWoSJuhALveFGqNRYYBdZdDWokrAgMBAAGjYzBhMB0GA1UdDgQWBBRY
HudS3E5kqzn/3naJ1jJLv0zYPjAfBgNVHSMEGDAWgBRYHudS3E5kqzn/3naJ1jJL
v0zYPjAOBgNVHQ8BAf8EBAMCAQYwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0B
AQsFAAOCAQEAT1D3w35HGzlpKjifor2mKmajpmiM8DC76aNCg0ZtnRyURqqUH2S0
JBELP84i04qGXhx8OKVmKMtm0ylIEYuRgLMwEwM699Wjn+74fAJ05TxJsFyGPNox
Xm7hUdR+w7gut6othTMHozbV1e9EWIeLzEv7Y94JdElIMLtIQuKQVeeygY2yqIHC
EL9DEhNtmSgYSI1eRvx0G3vl57zETOkoH79PkEhYoOmk06Z+GLxL+d3/vua9swqX
JempXPq9qGNWvQ1KjYjvkBt7Fz+lE84SGf9a7WXw8CtDHbF3umqTXeTMyO6XGKLI
EmTHYNBfCeFi0jgYqE+rq1N35BXdKx7oZA==
-----END CERTIFICATE-----)";
constexpr const char* pss_crl = R"(-----BEGIN X509 CRL-----
MIIB/zCBswIBATBCBgkqhkiG9w0BAQowNaAPMA0GCWCGSAFlAwQCAgUAoRwwGgYJ
KoZIhvcNAQEIMA0GCWCGSAFlAwQCAgUAogQCAgDOMBExDzANBgNVBAMMBlBTUyBD
QRcNMjYxMjAxMDAwMDAwWhcNMzYxMjAxMDAwMDAwWjApMCcCCAEjRWeJq83vFw0y
NjExMzAwMDAwMDBaMAwwCgYDVR0VBAMKAQGgDjAMMAoGA1UdFAQDAgEBMEIGCSqG
SIb3DQEBCjA1oA8wDQYJYIZIAWUDBAICBQChHDAaBgkqhkiG9w0BAQgwDQYJYIZI
AWUDBAICBQCiBAICAM4DggEBAGU6PpyMryj3UL2cWoPqvFQ8VR7rLZhSIBspwIVf
rNbqZLbwWj1H1J/SU0qXBF+GZL1jHOj1IiIo6ZwgIqzAIPTkgBiH5ov/Y6NFzvj2
S6DQde6l9GEUGN8dmkAN2dNoNYpR6qFizNHKb7p3tnuIxgq+2WcLS4ZqjpQUz98Y
FtNmlGvG6jQy0QOiKExfL2YEcYpW9n3CETheOwAgjStwPBP6urwwy8CRXXTj/exI
g/PisKdrGOeufoOEg0cePM1xiX5I8cOCND3F/hGZT9pzgPi3g7mjv52biqTZKamF
Se72LMXkLyL8X/KdvA5iZRyxPFvVMSm1rzk55FMArfBfm2U=
-----END X509 CRL-----)";

}  // namespace

TEST_CASE("a CRL that is signed with RSASSA-PSS is read") {
  const Certificate ca = parse_certificate(read_pem(pss_ca).blocks.at(0).der, "ca", Exit::bad_input);
  Certificate leaf;
  leaf.serial = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
  const CrlQuestion question{
      .leaf = leaf, .issuer = ca, .url = url, .now = *from_rfc3339("2026-12-02T00:00:00Z")};
  Bytes crl = read_pem(pss_crl).blocks.at(0).der;
  CHECK(read_crl(crl, question).revocation->reason == "keyCompromise");
  crl.back() ^= 1;
  CHECK(error_of([&] { read_crl(crl, question); }).message ==
        "the CRL is not signed by the issuer of the certificate");
}
