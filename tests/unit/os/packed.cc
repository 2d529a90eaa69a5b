#include "os/packed.h"

#include "fixtures/support.h"

using namespace certo;
using namespace std::literals;

namespace {

// printf 'what it was' | gzip -9n
const std::string packed =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x2b\xcf\x48\x2c\x51\xc8"
    "\x2c\x51\x28\x4f\x2c\x06\x00\x1f\x32\xde\xb5\x0b\x00\x00\x00"s;

}  // namespace

TEST_CASE("packed: a text is unpacked") { CHECK(os::unpacked(packed) == "what it was"); }

TEST_CASE("packed: a text of which a byte is wrong or missing is an error, and never another text") {
  for (size_t at = 0; at < packed.size(); ++at) {
    CHECK_THROWS_AS(os::unpacked(packed.substr(0, at)), Error);
    std::string wrong = packed;
    wrong[at] = static_cast<char>(wrong[at] ^ 0x15);
    std::string text = "what it was";
    try {
      text = os::unpacked(wrong);  // the header's time, flags and system
    } catch (const Error& error) {
      CHECK(error.code == Exit::bug);
    }
    CHECK(text == "what it was");
  }
  CHECK_THROWS_AS(os::unpacked(packed + "more"), Error);
}
