#include "crypto/pkcs12.h"

#include <doctest/doctest.h>

#include <span>

#include "crypto/der.h"
#include "fixtures/store_shelf.h"

using namespace certo;
using namespace certo::test;
namespace der = certo::crypto::der;

TEST_CASE("PKCS#12 is version 3 with a MAC, and shows neither the key nor the names") {
  const Pair pair = make_pair();
  const Bytes pfx = crypto::pkcs12(pair.key, pair.chain, "example.com", "secret");
  der::Reader outer = der::Reader(pfx).inside(der::sequence_tag);
  CHECK(outer.content(der::integer_tag).front() == 3);
  CHECK(outer.next_is(der::sequence_tag));
  outer.whole();
  CHECK(outer.next_is(der::sequence_tag));  // the MAC
  outer.whole();
  outer.expect_end();
  const std::string_view leaf = as_text(pair.chain.front().der);
  CHECK(as_text(pfx).find(leaf) == std::string_view::npos);
  CHECK(pfx.size() > pair.chain[0].der.size() + pair.chain[1].der.size());
}

TEST_CASE("two PKCS#12 of the same are different: salt and vector are new each time") {
  const Pair pair = make_pair();
  CHECK(crypto::pkcs12(pair.key, pair.chain, "a", "") != crypto::pkcs12(pair.key, pair.chain, "a", ""));
}

TEST_CASE("PKCS#12 is refused for a password that programs read differently, and for another key") {
  const Pair pair = make_pair(), other = make_pair();
  CHECK(error_of([&] { crypto::pkcs12(pair.key, pair.chain, "a", "p\xc3\xa4ss"); }).code == Exit::bad_input);
  CHECK(error_of([&] { crypto::pkcs12(other.key, pair.chain, "a", "x"); }).code == Exit::bug);
}
