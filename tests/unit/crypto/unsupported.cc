// What certo cannot read is named, as a limit of certo and never as a fault of the CA.
#include <algorithm>

#include "crypto/certificate.h"
#include "crypto/csr.h"
#include "crypto/der.h"
#include "crypto/pem.h"
#include "fixtures/certificates.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::crypto;
using test::error_of;

namespace {

/// Of a leaf by a CA.
Certificate leaf(const std::vector<Bytes>& extensions = {}) {
  const test::Authority ca = test::make_ca();
  const PrivateKey key = PrivateKey::generate(KeyType::ec256);
  return test::make_leaf(ca, key.public_key(), {.extensions = extensions});
}

const char* const ed25519_csr = R"(-----BEGIN CERTIFICATE REQUEST-----
MIGmMFoCAQAwADAqMAUGAytlcAMhABuK4cKL3A1VuurPKZvx4A7+iLIwQ1GSawI3
2CsGEJUnoCcwJQYJKoZIhvcNAQkOMRgwFjAUBgNVHREEDTALgglhLmV4YW1wbGUw
BQYDK2VwA0EAkGMeFN//2HcRrMcM/sISuylOvbdKekF+zcBnImxGDixzMsrOexJa
du6NJ2aJSb5ADLEDSWPzkIG/exJDxqP1Cg==
-----END CERTIFICATE REQUEST-----
)";

const char* const ed448_csr = R"(-----BEGIN CERTIFICATE REQUEST-----
MIHxMHMCAQAwADBDMAUGAytlcQM6AJPsvTQ+RTLcLfob8njSv4stTvc3sKDGiusz
R+tSzAjnnXKp3mk/R5/vu+37P2qjmzUAchf9uytNgKAnMCUGCSqGSIb3DQEJDjEY
MBYwFAYDVR0RBA0wC4IJYS5leGFtcGxlMAUGAytlcQNzAPahvhkgWirMd9YLBqfL
KuFcnMtxRS1kR4dJ2hTxNc3n1a4MT4+61Vcy1StXr8JK34pX+3xlN1XwgPltuSV4
94FbNM9tknWaqny9BBFgIZnW5WMnob6TtpbCBsSQabpKheOpYiY1kXpMV3hPgCav
ebUUAA==
-----END CERTIFICATE REQUEST-----
)";

const char* const pss_csr = R"(-----BEGIN CERTIFICATE REQUEST-----
MIICoDCCAVQCAQAwADCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBALUq
GJtIzIZuABuXy61ZFdSuBFJIDF8xtj0GJA2DUYlNfzNGdxriw1POyvfH9zg78rip
8QBdGCmjNAM4HNF5NWA69gNyUKyHBFgSLgEYXrLPXwqvpkuSqEll8yFEWuoDYCJG
+ifUBne3ESbYatGthqCM3DOOdwzxtZypUfLqCP3uytGlPskEHFErLNmUO7HOpGkC
mesa9nbgW0HoZVO0fNgooAtD2uhJIQlUYuSJo6FSy3SyD6pjGozOQ0dbxRGF3ogN
V6Z2UWZfWLSoqKPGWr9Ip6zNyKZfbeJiknlf8dPn1lpMfUEjWH8ZQONezdyaC6nV
aiQKbwAmSvddgMpPTFMCAwEAAaAnMCUGCSqGSIb3DQEJDjEYMBYwFAYDVR0RBA0w
C4IJYS5leGFtcGxlMEEGCSqGSIb3DQEBCjA0oA8wDQYJYIZIAWUDBAIBBQChHDAa
BgkqhkiG9w0BAQgwDQYJYIZIAWUDBAIBBQCiAwIBIAOCAQEAtH8ZRoqzCdWbOTRF
oZoGpzBBZ/JD6D59bjI4Unm6zpcraQFGS0xf4zdwZCSu8K86eZ1FnDcvOihpi53s
fc73VirENbleNgm5xMOlN/B0l9Hsjjmb6HTBl8SHiorhYcAK+bWJikuBqB0xB17d
Lcpnq7Mr29A9NsaBuZJtbXzmHLYesF16zAODhSL9Rn97608bMD40TeytJa6Dbc0N
/Lke9S34qHYiJ3hlcRuRPSX9Z/K/KfUNxf2X17XtSguSWaY1mt6UXsInn1yuWNhO
aMumK7ZXEgc7594KZC09mTS/FgPn8NUvXljoygTNunzTAaUvC9dzuIp5/PYbPUOb
73wLaw==
-----END CERTIFICATE REQUEST-----
)";

const char* const pss_key_csr = R"(-----BEGIN CERTIFICATE REQUEST-----
MIICnzCCAVICAQAwADCCASAwCwYJKoZIhvcNAQEKA4IBDwAwggEKAoIBAQDQa0Xt
BpVgl00pA5jpn84G91/+NdVpD4ydskKTPPik+yge90vosXBnSyc8IXw4AaKBw+7f
LC5RoQ4MSzN1r0M+VCVr2C7D5zBxWrODJPE0hABrzbCIz/re2DhFUQ4bpzlhBYVg
LMETNGFbbog/5u1sySRR9gAVR3CFSOF6j1NaB6PTzI1gmRC+4JbDPLZN6z3gAeK+
Sm7+zyjlyRGDan46YB4spRbu6Ed/evTJNC1+AYxQzvQF9hfvZBBFVU12zePUxCtl
VxAhbL4jPss2sohbfM3LpEIHFd8CItxwPZSt8HjC0HP9K/Vh62Zp5jVh8K8tcoij
0JpYNgTDA/30DINpAgMBAAGgJzAlBgkqhkiG9w0BCQ4xGDAWMBQGA1UdEQQNMAuC
CWEuZXhhbXBsZTBCBgkqhkiG9w0BAQowNaAPMA0GCWCGSAFlAwQCAQUAoRwwGgYJ
KoZIhvcNAQEIMA0GCWCGSAFlAwQCAQUAogQCAgDeA4IBAQBlF/w6btUQECXVdCDj
sP89MGECqczFducj5T7FBmV4lE8d0LcI2NC/zc5A4ShLoC3jxW26b2U/ICGqpKxi
v1K5HrZxAbHgB+W2Dk9CVOk3M/dDkqaeOcHm1piTwPaOOkHsDDsA7yqJyv9kB2X8
LcBMrBxqEP2iBnOvLTCIoiA1opEig888jjQEwSCOgjlcRXb8Bo7vxsbOu5sH2Jzi
XZStJO48lGyhni9qNLROSl7KrgXXlaZw3NWv/HEta+5NJtNXT0YIUxwnSd9xNCOS
oWDWG5Btsc54CnqGd/X3gqmzp0bHQSU8s/8X0VKuJy366NEsXclvtNvF+HI8c7KP
DJ1D
-----END CERTIFICATE REQUEST-----
)";

const char* const rsa_sha3_csr = R"(-----BEGIN CERTIFICATE REQUEST-----
MIICbDCCAVQCAQAwADCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAPE0
vGRN6+Q/cPRi03FeCnAZVKjpTvKy20wG6Z23FF4cjRtVzjrx4VbH66yIMykM/cbX
ERgr4S/+nycF9TVSMfEXSboeWWVnoPKw4Djig7fNXwhPvp/398OqsqGAl9DWAXKq
xHgpiJ99ZPjIxN7Cb9Izj02Hi6L56tyEV5lCVltZbf1YCZj4Qo8kwGKe2PcqNqdd
4a5VkEbRTqKRXXiw09q7RyIu3QKcZqQbUSkcD350Zo+wvvvhWdte7js5NrXIckOj
ffGMFUyaCq/6mybI9kTvL1Gh5C58K0oumSybe2UK8nkXKEw8UlDUlWSMafCSqco9
5DXiLpMvDe5n4zPy6K0CAwEAAaAnMCUGCSqGSIb3DQEJDjEYMBYwFAYDVR0RBA0w
C4IJYS5leGFtcGxlMA0GCWCGSAFlAwQDDgUAA4IBAQBdoyvN5D3mVdT4x22z/7v9
RIGMCxzJsff7oTQS9qqHEX32GnjKwiI/ZyOOqSuF8TW6R8YQjiYdUmqt9yKmhqB0
wkGGklMp3ageLGPxLdJD/HNKxT22T0fNwiqE5nH/LovxQymEiB6o/BCtnRmQKQgl
gBtTbKxGbO8coAd0JogEFiDDomgtYP+vj+V++zxkIoWRkvi3xKx9+HHA5CdORRzb
3VaBWAO3sptYbE4Y7L63ajXEwqRPEwwTl3hb9mnXJpFsSueZkJEaKiWN2nXt91Zo
xYtqyi/CcTpJ5/gRybIVsA8nkzvV0zGtv5/5IXLo7tLcr2YVai0MZkBfXqFafc+f
-----END CERTIFICATE REQUEST-----
)";

const char* const ec_sha3_csr = R"(-----BEGIN CERTIFICATE REQUEST-----
MIHjMIGJAgEAMAAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASs0zpBGneJVzXQ
G3tA+sX/EeFHvXXUM+Q3EJUFYadFuVjuLOtcDLyKASvkcsx7WAIaakPJfkeOb3c/
ggLOOysloCcwJQYJKoZIhvcNAQkOMRgwFjAUBgNVHREEDTALgglhLmV4YW1wbGUw
CwYJYIZIAWUDBAMKA0gAMEUCIQDrMrbrTutw1dnnwP0FqCPAO6KP9gZYUtGJU28C
WB30iwIgd7oTO9NtG6Rjc9rhmk1yhK0trWpxncc6PgF3LmUigP0=
-----END CERTIFICATE REQUEST-----
)";

const char* const ed25519_root = R"(-----BEGIN CERTIFICATE-----
MIIBTzCCAQGgAwIBAgIUbKDgCHaFP8vIF1+SayLz85ukkIUwBQYDK2VwMBIxEDAO
BgNVBAMMB2VkMjU1MTkwHhcNMjYxMTMwMDQyOTMxWhcNMjYxMjMwMDQyOTMxWjAS
MRAwDgYDVQQDDAdlZDI1NTE5MCowBQYDK2VwAyEAG4rhwovcDVW66s8pm/HgDv6I
sjBDUZJrAjfYKwYQlSejaTBnMB0GA1UdDgQWBBRawz8OqaL7ytnywrCk3w8fdQl8
KjAfBgNVHSMEGDAWgBRawz8OqaL7ytnywrCk3w8fdQl8KjAPBgNVHRMBAf8EBTAD
AQH/MBQGA1UdEQQNMAuCCWEuZXhhbXBsZTAFBgMrZXADQQD7Q6UR02AZhFJWIZgB
7Yu1qxOBFFSL/yD9RXImrfzhP5lqs0nHzEniL33oOYbiqJlwP9ATtlVfld0DLpbu
phMB
-----END CERTIFICATE-----
)";

const char* const pss_key_root = R"(-----BEGIN CERTIFICATE-----
MIIDgTCCAjSgAwIBAgIUXxL/wClZDcHNmBv8Pnoxih4/g9wwQgYJKoZIhvcNAQEK
MDWgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEF
AKIEAgIA3jARMQ8wDQYDVQQDDAZwc3NrZXkwHhcNMjYxMTMwMDQyOTMxWhcNMjYx
MjMwMDQyOTMxWjARMQ8wDQYDVQQDDAZwc3NrZXkwggEgMAsGCSqGSIb3DQEBCgOC
AQ8AMIIBCgKCAQEA0GtF7QaVYJdNKQOY6Z/OBvdf/jXVaQ+MnbJCkzz4pPsoHvdL
6LFwZ0snPCF8OAGigcPu3ywuUaEODEszda9DPlQla9guw+cwcVqzgyTxNIQAa82w
iM/63tg4RVEOG6c5YQWFYCzBEzRhW26IP+btbMkkUfYAFUdwhUjheo9TWgej08yN
YJkQvuCWwzy2Tes94AHivkpu/s8o5ckRg2p+OmAeLKUW7uhHf3r0yTQtfgGMUM70
BfYX72QQRVVNds3j1MQrZVcQIWy+Iz7LNrKIW3zNy6RCBxXfAiLccD2UrfB4wtBz
/Sv1YetmaeY1YfCvLXKIo9CaWDYEwwP99AyDaQIDAQABo2kwZzAdBgNVHQ4EFgQU
tmgo6/UvYDmamEjodxIpxj8JB3EwHwYDVR0jBBgwFoAUtmgo6/UvYDmamEjodxIp
xj8JB3EwDwYDVR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglhLmV4YW1wbGUwQgYJ
KoZIhvcNAQEKMDWgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglg
hkgBZQMEAgEFAKIEAgIA3gOCAQEAY3yBD8pYnjQUI5xoNtjzJ4RMVSL7y9lYMZ+5
KhiYtcpH8rFJQ/YiiitCK8mF3umQk4QkKYdfBeLFde5WudY2jWQWScp5Db9Ft/Fx
+GXBd79NDYpxqJ3iHKRhTy1JkckTxmVs33EiurzqoWvp3oQYx2/qnyl16v1EZCya
i8fQ5JI+W1dmd049F2/wLYB7MgVSqIybW4xVqFnWFtn4yNMSvdkjnanqlg39PDiz
Kh0GodjNLEfpJGQzh31q1AlClvGW+GmMGZJ+VpkYFyTlxRIOjC470SxB+E8RMiww
fbWnUGaRwmOy1uGrJ3qMp64HXCzL/IW7qiSlH7GUkmygeMtOgA==
-----END CERTIFICATE-----
)";

const char* const ec_sha3_root = R"(-----BEGIN CERTIFICATE-----
MIIBbjCCARSgAwIBAgIUUREI4egIhW0g3BZEzSHFnILzOsEwCwYJYIZIAWUDBAMK
MAwxCjAIBgNVBAMMAXgwHhcNMjYxMTMwMDQyOTMxWhcNMjYxMjMwMDQyOTMxWjAM
MQowCAYDVQQDDAF4MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErNM6QRp3iVc1
0Bt7QPrF/xHhR7111DPkNxCVBWGnRblY7izrXAy8igEr5HLMe1gCGmpDyX5Hjm93
P4ICzjsrJaNTMFEwHQYDVR0OBBYEFKnx+qiNFlMyBDj7V2U6xtw2imUXMB8GA1Ud
IwQYMBaAFKnx+qiNFlMyBDj7V2U6xtw2imUXMA8GA1UdEwEB/wQFMAMBAf8wCwYJ
YIZIAWUDBAMKA0cAMEQCHy0quVn8KXkyKoqE5hQ/H6xq8sr4+NbUepGUcvRUDwgC
IQCWvwjC0wXytXjabCwcb/h84jdwBBVK3i8aOb6FDtn+iw==
-----END CERTIFICATE-----
)";

Bytes algorithm(const Bytes& oid) { return der::sequence({oid}); }

/// A certificate of which only the types of signature and key matter.
Bytes certificate(const Bytes& signature, const Bytes& key) {
  const Bytes text = der::element(der::utf8_string, {as_bytes("CA")});
  const Bytes name = der::sequence({der::set({der::sequence({der::oid("\x55\x04\x03"), text})})});
  const Bytes time = der::element(der::generalized_time, {as_bytes("20300101000000Z")});
  const Bytes version = der::element(der::context(0, true), {der::small_integer(2)});
  const Bytes fields =
      der::sequence({version, der::small_integer(1), algorithm(signature), name, der::sequence({time, time}),
                     name, der::sequence({algorithm(key), der::bit_string(Bytes(32))})});
  return der::sequence({fields, algorithm(signature), der::bit_string(Bytes(64))});
}

const Bytes ecdsa_sha256 = der::oid("\x2a\x86\x48\xce\x3d\x04\x03\x02");
const Bytes ec_key = der::oid("\x2a\x86\x48\xce\x3d\x02\x01");
const Bytes ml_dsa_65 = der::oid("\x60\x86\x48\x01\x65\x03\x04\x03\x12");
const Bytes slh_dsa = der::oid("\x60\x86\x48\x01\x65\x03\x04\x03\x14");
const Bytes merkle = der::oid("\x2b\x06\x01\x05\x05\x07\x06\x43");
const Bytes merkle_experiment = der::oid("\x2b\x06\x01\x04\x01\x82\xda\x4b\x2f\x00");
const Bytes of_the_future = der::oid("\x2a\x03\x87\x67");  // 1.2.3.999

std::string limit(const Bytes& der) {
  const Error error = error_of([&] { parse_certificate(der, "the CA's certificate", Exit::protocol); });
  CHECK(error.code == Exit::bad_input);
  CHECK(error.hint.find("limit of certo") != std::string::npos);
  return error.message;
}

std::string limit(const char* pem) { return limit(read_pem(pem).blocks.front().der); }

std::string csr_limit(const char* pem) {
  const Error error = error_of([&] { parse_csr_pem(pem, "www.csr"); });
  CHECK(error.code == Exit::bad_input);
  CHECK(error.hint.find("limit of certo") != std::string::npos);
  return error.message;
}

constexpr const char* holds = "the CA's certificate holds a certificate with ";

}  // namespace

TEST_CASE("algorithms in a chain that certo cannot read are its limit") {
  CHECK(limit(ed25519_root) == std::string(holds) + "a signature of type Ed25519, which certo cannot read");
  CHECK(limit(pss_key_root) == std::string(holds) + "a key of type RSASSA-PSS, which certo cannot read");
  CHECK(limit(ec_sha3_root) ==
        std::string(holds) + "a signature of type ECDSA with SHA3-256, which certo cannot read");
  CHECK(limit(certificate(ml_dsa_65, ml_dsa_65)) ==
        std::string(holds) + "a signature of type ML-DSA-65, which certo cannot read");
  CHECK(limit(certificate(slh_dsa, ec_key)) ==
        std::string(holds) + "a signature of type SLH-DSA, which certo cannot read");
  CHECK(limit(certificate(ecdsa_sha256, ml_dsa_65)) ==
        std::string(holds) + "a key of type ML-DSA-65, which certo cannot read");
}

TEST_CASE("what nobody knows yet is named by its number") {
  CHECK(limit(certificate(of_the_future, ec_key)) ==
        std::string(holds) + "a signature of type OID 1.2.3.999, which certo cannot read");
}

TEST_CASE("a Merkle tree certificate is one clear sentence") {
  for (const Bytes& type : {merkle, merkle_experiment})
    CHECK(limit(certificate(type, ec_key)) ==
          std::string(holds) + "the proof of a Merkle tree certificate, which certo cannot read");
  const std::string chain = pem(leaf()) + write_pem("CERTIFICATE PROPERTIES", as_bytes("1234"));
  const Error error = error_of([&] { parse_chain(chain, "the CA's certificate", Exit::protocol); });
  CHECK(error.code == Exit::bad_input);
  CHECK(error.message ==
        "the CA's certificate is of a form that certo cannot read: it has CERTIFICATE PROPERTIES");
}

TEST_CASE("algorithms in a CSR that certo cannot read are named before an order") {
  CHECK(csr_limit(ed25519_csr) == "www.csr: its public key is of type Ed25519, which certo cannot read");
  CHECK(csr_limit(ed448_csr) == "www.csr: its public key is of type Ed448, which certo cannot read");
  CHECK(csr_limit(pss_key_csr) == "www.csr: its public key is of type RSASSA-PSS, which certo cannot read");
  CHECK(csr_limit(rsa_sha3_csr) ==
        "www.csr: its signature is of type RSA with SHA3-256, which certo cannot read");
  CHECK(csr_limit(ec_sha3_csr) ==
        "www.csr: its signature is of type ECDSA with SHA3-256, which certo cannot read");
}

TEST_CASE("a CSR that is signed with RSASSA-PSS is good, and a damaged one is not") {
  const Csr csr = parse_csr_pem(pss_csr, "www.csr");
  CHECK(csr.key_description == "rsa-2048");
  Bytes damaged = csr.der;
  damaged.back() ^= 1;
  CHECK(error_of([&] { parse_csr_der(damaged, "www.csr"); }).message ==
        "www.csr: its signature is wrong, or weaker than SHA-256");
}

TEST_CASE("must-staple is in the CSR, and is found in a certificate") {
  const PrivateKey key = PrivateKey::generate(KeyType::ec256);
  const Bytes feature = der::sequence({der::small_integer(5)});
  const Bytes oid = der::oid("\x2b\x06\x01\x05\x05\x07\x01\x18");
  const Bytes extension = der::sequence({oid, der::octet_string(feature)});
  const auto has = [&](const Bytes& der) { return std::ranges::search(der, extension).begin() != der.end(); };
  CHECK(has(make_csr(key, identifiers({"a.example"}), Staple::must)));
  CHECK(!has(make_csr(key, identifiers({"a.example"}))));
  CHECK(parse_csr_der(make_csr(key, identifiers({"a.example"}), Staple::must), "csr").identifiers.size() ==
        1);
  CHECK(leaf({extension}).must_staple);
  CHECK(!leaf().must_staple);
  CHECK(!leaf({der::sequence({oid, der::octet_string(Bytes{0x30, 0x7f})})}).must_staple);
}
