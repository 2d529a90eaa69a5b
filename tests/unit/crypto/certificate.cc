#include <doctest/doctest.h>

#include "crypto/der.h"
#include "crypto/pem.h"
#include "fixtures/certificates.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::crypto;
using namespace certo::test;

namespace {

struct Pair {
  PrivateKey key = PrivateKey::generate(KeyType::ec256);
  Authority ca = make_ca();
  Certificate leaf(const Contents& contents) const { return make_leaf(ca, key.public_key(), contents); }
};

std::vector<Certificate> chain(const std::string& text, size_t most = 10) {
  return parse_chain(text, "the answer", Exit::protocol, most);
}

}  // namespace

TEST_CASE("a certificate is read with all that certo needs of it") {
  const Pair pair;
  const Certificate leaf = pair.leaf({.subject = "example.com",
                                      .identifiers = {{"dns", "Example.com"},
                                                      {"dns", "*.example.com"},
                                                      {"ip", "192.0.2.1"},
                                                      {"ip", "2001:db8::1"}},
                                      .serial = {0x00, 0x8f, 0x01}});
  const std::vector<Identifier> names = {
      {"dns", "example.com"}, {"dns", "*.example.com"}, {"ip", "192.0.2.1"}, {"ip", "2001:db8::1"}};
  CHECK(leaf.identifiers == names);
  CHECK(leaf.spki == pair.key.public_key().spki);
  CHECK(leaf.key_description == "ec-256");
  CHECK(leaf.subject == "CN=example.com");
  CHECK(leaf.issuer == "CN=Test Root");
  CHECK(leaf.issuer_cn == "Test Root");
  CHECK(rfc3339(leaf.not_before) == "2026-11-20T02:00:00Z");
  CHECK(rfc3339(leaf.not_after) == "2027-02-19T02:00:00Z");
  CHECK_FALSE(leaf.is_ca);
  CHECK(pair.ca.certificate.is_ca);
  CHECK(leaf.authority_key_id == pair.ca.certificate.subject_key_id);
  CHECK(leaf.subject_key_id.size() == 20);
}

TEST_CASE("a serial number keeps its sign byte, and is shown without it") {
  const Pair pair;
  const Certificate high = pair.leaf({.serial = {0x00, 0x8f, 0x01}});
  CHECK(high.serial == Bytes{0x00, 0x8f, 0x01});
  CHECK(high.serial_hex() == "8f01");
  CHECK(pair.leaf({.serial = {0x00}}).serial_hex() == "00");
}

TEST_CASE("a certificate may have neither subject nor names") {
  const Pair pair;
  const Certificate leaf = pair.leaf({});
  CHECK(leaf.subject.empty());
  CHECK(leaf.identifiers.empty());
}

TEST_CASE("names of a private CA are read as they are") {
  const Pair pair;
  CHECK(pair.leaf({.identifiers = dns({"localhost", "under_score"})}).identifiers ==
        dns({"localhost", "under_score"}));
}

TEST_CASE("dates far away are dates") {
  const Pair pair;
  using namespace std::chrono;
  const Time last = sys_days{year{9999} / December / 31} + hours(23);
  CHECK(pair.leaf({.not_after = last}).not_after == last);
}

TEST_CASE("a long subject is read whole, and binary in it is escaped") {
  const Pair pair;
  CHECK(pair.leaf({.subject = std::string(200, 'x')}).subject.size() == 203);
  CHECK(pair.leaf({.subject = "a\x1b[2J"}).subject == "CN=a\\1B[2J");
}

TEST_CASE("a critical acmeIdentifier is understood, the poison of a precertificate is not") {
  const Pair pair;
  const Bytes acme_identifier = der::oid("\x2b\x06\x01\x05\x05\x07\x01\x1f");
  const Bytes poison = der::oid("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03");
  const Bytes digest = der::octet_string(Bytes(32));
  CHECK(pair.leaf({.extensions = {extension(acme_identifier, true, digest)}}).is_ca == false);
  CHECK(pair.leaf({.extensions = {extension(poison, false, der::null())}}).is_ca == false);
  error_of([&] { pair.leaf({.extensions = {extension(poison, true, der::null())}}); });
}

TEST_CASE("bytes after a certificate, or missing from it, are an error") {
  const Bytes der = Pair().leaf({.identifiers = dns({"example.com"})}).der;
  Bytes longer = der;
  longer.push_back(0);
  error_of([&] { parse_certificate(longer, "the answer", Exit::protocol); });
  for (size_t length = 0; length < der.size(); length += 7) {
    CHECK(error_of([&] {
            parse_certificate(std::span(der).first(length), "the answer", Exit::protocol);
          }).message.find("the answer holds a certificate that cannot be read") != std::string::npos);
  }
}

TEST_CASE("a chain is read and written again") {
  const Pair pair;
  const std::vector<Certificate> written = {pair.leaf({.identifiers = dns({"example.com"})}),
                                            pair.ca.certificate};
  const std::string text = pem(written);
  const auto read = chain("\r\n" + text + "\n\n");
  REQUIRE(read.size() == 2);
  CHECK(read[0].identifiers == dns({"example.com"}));
  CHECK(read[1].der == pair.ca.certificate.der);
  CHECK(pem(read) == text);
  CHECK(pem(read[0]) + pem(read[1]) == text);
}

TEST_CASE("a chain holds certificates and nothing else") {
  const Pair pair;
  const std::string leaf = pem(pair.leaf({}));
  CHECK(error_of([&] { chain(leaf + pair.key.pkcs8_pem()); }).message ==
        "the answer contains a block that is not a certificate: PRIVATE KEY");
  CHECK(error_of([&] { chain("#!/bin/sh\n" + leaf); }).message ==
        "the answer holds text outside of its certificates");
  CHECK(error_of([&] { chain("\xef\xbb\xbf" + leaf); }).message ==
        "the answer holds text outside of its certificates");
  CHECK(error_of([&] { chain(leaf + leaf.substr(0, 60)); }).message == "the answer is damaged PEM");
  CHECK(error_of([&] { chain(""); }).message == "the answer holds no certificate");
  CHECK(error_of([&] { chain("<html>not found</html>"); }).message == "the answer holds no certificate");
  error_of([&] { chain(write_pem("CERTIFICATE", as_bytes("garbage"))); });
}

TEST_CASE("a chain is neither too long nor too large") {
  const std::string leaf = pem(Pair().leaf({}));
  CHECK(chain(leaf + leaf, 2).size() == 2);
  CHECK(error_of([&] { chain(leaf + leaf + leaf, 2); }).message ==
        "the answer holds more than 2 certificates");
  const std::string blanks(256 * 1024 - leaf.size(), '\n');
  CHECK(chain(leaf + blanks).size() == 1);
  CHECK(error_of([&] { chain(leaf + blanks + "\n"); }).message == "the answer is longer than 256 KiB");
}

TEST_CASE("errors carry the requested exit code") {
  const auto code = [](Exit on_error) {
    return error_of([&] { parse_chain("", "www.pem", on_error); }).code;
  };
  CHECK(code(Exit::bad_input) == Exit::bad_input);
  CHECK(code(Exit::protocol) == Exit::protocol);
}
