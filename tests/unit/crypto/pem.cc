#include <doctest/doctest.h>

#include "crypto/pem.h"

using namespace certo;
using namespace certo::crypto;

namespace {
const std::string one = write_pem("ONE", as_bytes("first"));
const std::string two = write_pem("TWO", as_bytes("second"));
}  // namespace

TEST_CASE("PEM is written in lines of 64 characters") {
  CHECK(write_pem("X", as_bytes("abc")) == "-----BEGIN X-----\nYWJj\n-----END X-----\n");
  const std::string longer = write_pem("X", Bytes(49));
  CHECK(longer == "-----BEGIN X-----\n" + std::string(64, 'A') + "\nAA==\n-----END X-----\n");
  CHECK(read_pem(write_pem("X", Bytes(48))).blocks[0].der == Bytes(48));
}

TEST_CASE("all blocks are read in order") {
  const PemText text = read_pem("\n" + one + " \t\n" + two);
  REQUIRE(text.blocks.size() == 2);
  CHECK(text.blocks[0].label == "ONE");
  CHECK(as_text(text.blocks[1].der) == "second");
  CHECK_FALSE(text.stray);
  CHECK_FALSE(text.damaged);
}

TEST_CASE("lines may end with CR LF") {
  const PemText text = read_pem("-----BEGIN X-----\r\nYW\r\nJj\r\n-----END X-----\r\n");
  REQUIRE(text.blocks.size() == 1);
  CHECK(as_text(text.blocks[0].der) == "abc");
  CHECK_FALSE(text.stray);
}

TEST_CASE("text outside of blocks is noticed") {
  CHECK(read_pem("subject=CN = x\n" + one).stray);
  CHECK(read_pem(one + "x" + two).stray);
  CHECK(read_pem(one + "end").stray);
  CHECK(read_pem("\xef\xbb\xbf" + one).stray);
  CHECK(read_pem(one + std::string(1, '\0')).stray);
  CHECK(read_pem(one + "end").blocks.size() == 1);
}

TEST_CASE("a block that is cut off, mislabelled or not base64 is damage") {
  for (const char* bad :
       {"-----BEGIN X-----\nYWJj\n", "-----BEGIN X-----\nYWJj\n-----END Y-----\n", "-----BEGIN X",
        "-----BEGIN X\n-----\nYWJj\n-----END X-----\n", "-----BEGIN X-----\n-----END X-----\n",
        "-----BEGIN X-----\nYW?j\n-----END X-----\n",
        "-----BEGIN X-----\nYWJj\n-----BEGIN X-----\nYWJj\n-----END X-----\n"}) {
    CAPTURE(bad);
    const PemText text = read_pem(bad);
    CHECK(text.damaged);
    CHECK(text.blocks.empty());
  }
}

TEST_CASE("an empty text contains nothing and is not damaged") {
  const PemText text = read_pem("");
  CHECK(text.blocks.empty());
  CHECK_FALSE(text.stray);
  CHECK_FALSE(text.damaged);
}

TEST_CASE("a hostile PEM text of 1 MiB is read in time that grows with its length only") {
  std::string blocks;
  while (blocks.size() < (1 << 20)) blocks += "-----BEGIN X-----YWJj-----END X-----";
  const PemText text = read_pem(blocks);
  CHECK(text.blocks.size() == blocks.size() / 36);
  CHECK_FALSE(text.damaged);
  CHECK(read_pem("-----BEGIN " + std::string(1 << 20, 'X') + "-----\nYWJj\n").damaged);
}
