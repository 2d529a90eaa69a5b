#include <doctest/doctest.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/random.h"

using namespace certo;
using namespace certo::crypto;

TEST_CASE("SHA-256 gives the answers of RFC 6234") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256(as_bytes("abc")) == sha256("abc"));
}

TEST_CASE("HMAC-SHA-256 gives the answers of RFC 4231") {
  CHECK(hex(hmac_sha256(as_bytes("Jefe"), "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const Bytes long_key(131, 0xaa);
  CHECK(hex(hmac_sha256(long_key, "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("random bytes fill the whole buffer and differ") {
  Bytes first(1000), second(1000);
  CHECK(random_bytes(nullptr, first.data(), first.size()) == 0);
  CHECK(random_bytes(nullptr, second.data(), second.size()) == 0);
  CHECK(first != second);
  CHECK(Bytes(first.end() - 16, first.end()) != Bytes(16));
}
