#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.h"
#include "crypto/csr.h"
#include "crypto/der.h"
#include "crypto/pem.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::crypto;
using test::error_of;

namespace {

const PrivateKey& key() {
  static const PrivateKey one = PrivateKey::generate(KeyType::ec256);
  return one;
}

Csr made_and_read(const std::vector<Identifier>& names) {
  return parse_csr_pem(csr_pem(make_csr(key(), names)), "www.csr");
}

/// A request with the given subject and attributes, signed as it should be.
Bytes request(const Bytes& subject, const Bytes& attributes) {
  const Bytes info = der::sequence({der::small_integer(0), subject, key().public_key().spki, attributes});
  const Bytes whole = make_csr(key(), {{"dns", "example.com"}});
  der::Reader parts = der::Reader(whole).inside(der::sequence_tag);
  parts.any();
  const der::View algorithm = parts.whole();

  const Bytes raw = key().sign(as_text(info));
  const uint8_t zero[] = {0};
  const auto number = [&](size_t at) {
    return der::element(der::integer_tag, {zero, std::span(raw).subspan(at, 32)});
  };
  return der::sequence({info, algorithm, der::bit_string(der::sequence({number(0), number(32)}))});
}

Bytes common_name(const std::string& text) {
  const Bytes value = der::element(der::utf8_string, {as_bytes(text)});
  return der::sequence({der::set({der::sequence({der::oid("\x55\x04\x03"), value})})});
}

const Bytes no_attributes = der::element(der::context(0, true), {});

}  // namespace

TEST_CASE("a request asks for its names in the order given") {
  const auto names =
      identifiers({"b.example.com", "*.example.com", "a.example.com", "192.0.2.1", "2001:db8::1"});
  const Csr csr = made_and_read(names);
  CHECK(csr.identifiers == names);
  CHECK(csr.spki == key().public_key().spki);
  CHECK(csr_pem(csr.der).starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
}

TEST_CASE("a request is the structure of RFC 2986, with an empty subject") {
  const Bytes der = make_csr(key(), identifiers({"example.com", "192.0.2.1"}));
  der::Reader request = der::Reader(der).inside(der::sequence_tag);
  der::Reader info = request.inside(der::sequence_tag);
  CHECK(info.content(der::integer_tag).front() == 0);
  CHECK(info.inside(der::sequence_tag).at_end());
  CHECK(as_text(info.whole()) == as_text(key().public_key().spki));
  der::Reader attribute = info.inside(der::context(0, true)).inside(der::sequence_tag);
  CHECK(info.at_end());
  CHECK(hex(attribute.content(der::oid_tag)) == "2a864886f70d01090e");
  der::Reader extension = attribute.inside(der::set_tag).inside(der::sequence_tag).inside(der::sequence_tag);
  CHECK(hex(extension.content(der::oid_tag)) == "551d11");
  der::Reader san = extension.inside(der::octet_string_tag).inside(der::sequence_tag);
  CHECK(as_text(san.content(der::context(2, false))) == "example.com");
  CHECK(hex(san.content(der::context(7, false))) == "c0000201");
  CHECK(san.at_end());
  CHECK(hex(request.content(der::sequence_tag)) == "06082a8648ce3d040302");
  CHECK(request.content(der::bit_string_tag).front() == 0);
  CHECK(request.at_end());
}

TEST_CASE("each kind of key makes a request that verifies") {
  const PrivateKey wide = PrivateKey::generate(KeyType::ec384);
  for (int i = 0; i < 20; ++i) {  // r and s have leading zeros now and then
    const auto names = identifiers({std::to_string(i) + ".example.com"});
    CHECK(parse_csr_der(make_csr(wide, names), "www.csr").identifiers == names);
    CHECK(made_and_read(names).identifiers == names);
  }
}

TEST_CASE("a request holds 100 names of any length") {
  std::vector<std::string> texts;
  for (int i = 100; i < 200; ++i) {
    const std::string label(60, 'a');
    texts.push_back(std::to_string(i) + label + "." + label + "." + label + ".example.com");
  }
  const Csr csr = made_and_read(identifiers(texts));
  CHECK(csr.identifiers.size() == 100);
  CHECK(csr.der.size() > 20000);
}

TEST_CASE("the common name counts when it is a name, once") {
  const auto read = [](const Bytes& der) { return parse_csr_der(der, "www.csr").identifiers; };
  CHECK(read(request(common_name("WWW.example.com"), no_attributes)) == identifiers({"www.example.com"}));
  CHECK(error_of([&] { read(request(common_name("Example Inc"), no_attributes)); }).message ==
        "www.csr: it contains no names");

  const Bytes made = make_csr(key(), identifiers({"a.example.com", "b.example.com"}));
  der::Reader info = der::Reader(made).inside(der::sequence_tag).inside(der::sequence_tag);
  for (int i = 0; i < 3; ++i) info.any();
  const der::View whole = info.whole();
  const Bytes attributes(whole.begin(), whole.end());
  CHECK(read(request(common_name("b.example.com"), attributes)) ==
        identifiers({"a.example.com", "b.example.com"}));
  CHECK(read(request(common_name("c.example.com"), attributes)).back().value == "c.example.com");
  CHECK(read(request(common_name("Example Inc"), attributes)).size() == 2);
}

TEST_CASE("a changed request is refused") {
  Bytes der = make_csr(key(), identifiers({"example.com"}));
  *std::ranges::search(der, as_bytes("example")).begin() = 'f';
  CHECK(error_of([&] { parse_csr_der(der, "www.csr"); }).message ==
        "www.csr: its signature is wrong, or weaker than SHA-256");
}

TEST_CASE("bytes that are not a request are refused, wherever they end") {
  const Bytes der = make_csr(key(), identifiers({"example.com"}));
  for (size_t length = 0; length < der.size(); ++length) {
    error_of([&] { parse_csr_der(std::span(der).first(length), "www.csr"); });
  }
  Bytes longer = der;
  longer.push_back(0);
  CHECK(error_of([&] { parse_csr_der(longer, "www.csr"); }).message == "www.csr: malformed DER");
  CHECK(error_of([&] { parse_csr_pem("", "www.csr"); }).message == "www.csr holds no certificate request");
  CHECK(error_of([&] { parse_csr_pem(csr_pem(der).substr(0, 80), "www.csr"); }).message ==
        "www.csr is damaged");
}

TEST_CASE("a request with any one byte changed is read or refused, and nothing else") {
  const Bytes der = make_csr(key(), identifiers({"example.com", "192.0.2.1"}));
  for (size_t at = 0; at < der.size(); ++at) {
    Bytes bad = der;
    bad[at] ^= 0x55;
    error_of([&] { parse_csr_der(bad, "www.csr"); });
  }
}

TEST_CASE("a hostile request of 1 MiB is read in time that grows with its length only") {
  Bytes names;
  for (uint32_t i = 0; names.size() < (1 << 20); ++i) {
    const uint8_t address[] = {static_cast<uint8_t>(i >> 16), static_cast<uint8_t>(i >> 8),
                               static_cast<uint8_t>(i), 1};
    const Bytes name = der::element(der::context(7, false), {address});
    names.insert(names.end(), name.begin(), name.end());
  }
  const size_t count = names.size() / 6;
  const Bytes extension =
      der::sequence({der::oid("\x55\x1d\x11"), der::octet_string(der::sequence({names}))});
  const Bytes attribute = der::sequence(
      {der::oid("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e"), der::set({der::sequence({extension})})});
  const Bytes whole = request(der::sequence({}), der::element(der::context(0, true), {attribute}));
  CHECK(parse_csr_der(whole, "www.csr").identifiers.size() == count);
}
