#include "net/roots.h"

#include <fstream>

#include "crypto/der.h"
#include "crypto/pem.h"
#include "fixtures/certificates.h"
#include "fixtures/support.h"
#include "net/trust.h"

using namespace certo;
using net::Roots;
using test::error_of;
using test::make_ca;

namespace {

namespace der = crypto::der;

Bytes common_name(std::string_view text) {
  const Bytes value = der::element(der::utf8_string, {as_bytes(text)});
  return der::sequence({der::set({der::sequence({der::oid("\x55\x04\x03"), value})})});
}

std::string pem_of(const Bytes& bytes) { return crypto::write_pem("CERTIFICATE", bytes); }

}  // namespace

TEST_CASE("a root is found by its subject") {
  const auto one = make_ca("One").certificate, two = make_ca("Two").certificate;
  const Roots roots(crypto::pem(one) + crypto::pem(two));
  CHECK(roots.count() == 2);
  const auto found = roots.named(common_name("Two"));
  REQUIRE(found.size() == 1);
  CHECK(Bytes(found[0].begin(), found[0].end()) == two.der);
  CHECK(roots.named(common_name("Three")).empty());
  CHECK(roots.named({}).empty());
}

TEST_CASE("two roots of one name are both candidates") {
  const auto old_key = make_ca("One").certificate, new_key = make_ca("One").certificate;
  const Roots roots(crypto::pem(old_key) + crypto::pem(make_ca("Two").certificate) + crypto::pem(new_key));
  const auto found = roots.named(common_name("One"));
  REQUIRE(found.size() == 2);
  CHECK(Bytes(found[0].begin(), found[0].end()) == old_key.der);
  CHECK(Bytes(found[1].begin(), found[1].end()) == new_key.der);
}

TEST_CASE("a cross-signed root is found by its own name, not its issuer's") {
  const auto old_root = make_ca("Old");
  const auto crossed = make_ca("New", &old_root).certificate;
  const Roots roots(crypto::pem(crossed));
  CHECK(roots.named(common_name("New")).size() == 1);
  CHECK(roots.named(common_name("Old")).empty());
}

TEST_CASE("a certificate is recognised as a whole") {
  const auto inside = make_ca("One").certificate, outside = make_ca("One").certificate;
  const Roots roots(crypto::pem(inside));
  CHECK(roots.contains(inside.der));
  CHECK_FALSE(roots.contains(outside.der));
}

TEST_CASE("text and other blocks of a bundle do not matter") {
  const std::string good = crypto::pem(make_ca("One").certificate);
  CHECK(Roots("# a comment\nOne\n===\n" + good + "\r\n" + crypto::write_pem("X509 CRL", Bytes{1}) + good)
            .count() == 2);
  CHECK(Roots("").count() == 0);
  CHECK(Roots("no certificate").count() == 0);
}

TEST_CASE("a damaged block is skipped and the others are good") {
  const auto good = make_ca("One").certificate;
  const std::string bad[] = {
      pem_of({}),
      pem_of({0x30}),
      pem_of({0x30, 0x00}),
      pem_of({0x30, 0x80, 0x00, 0x00}),
      pem_of({0x30, 0x84, 0xff, 0xff, 0xff, 0xff}),
      pem_of(Bytes(good.der.begin(), good.der.end() - 1)),
      pem_of(der::sequence({der::sequence({})})),
      "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
  };
  for (const std::string& block : bad) {
    CAPTURE(block);
    CHECK(Roots(block + crypto::pem(good) + block).count() == 1);
  }
  CHECK(Roots(crypto::pem(good) + "-----BEGIN CERTIFICATE-----\nMIIB").count() == 1);
}

TEST_CASE("a certificate may be cut off anywhere") {
  const Bytes whole = make_ca("One").certificate.der;
  for (size_t length = 0; length < whole.size(); ++length) {
    Bytes cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
    CHECK(Roots(pem_of(cut)).count() == 0);
  }
}

TEST_CASE("an unusable bundle is a wrong setting") {
  const test::TempDir folder;
  const Error absent = error_of([&] { net::TrustStore(folder / "absent.pem"); });
  CHECK(absent.code == Exit::config);
  CHECK(absent.hint.find("--ca-bundle") != std::string::npos);

  std::ofstream(folder / "empty.pem") << "nothing\n";
  const Error empty = error_of([&] { net::TrustStore(folder / "empty.pem"); });
  CHECK(empty.code == Exit::config);
  CHECK(empty.message.find("empty.pem") != std::string::npos);
}

TEST_CASE("a bundle is read") {
  const test::TempDir folder;
  std::ofstream(folder / "ca.pem") << crypto::pem(make_ca("One").certificate);
  CHECK(net::TrustStore(folder / "ca.pem").roots().count() == 1);
}
