// One-time passwords: the last six digits of the test vectors of RFC 6238 appendix B, and base32 of RFC 4648
// section 10.
#include "sdk/totp.h"

#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;

namespace {

std::string shown;

std::string code_at(int64_t time) {
  certo_provider provider{};
  provider.name = "example";
  provider.base_url = "";
  provider.present = [](const certo_host* raw, const certo_record*, size_t) -> int {
    shown = sdk::totp(sdk::Host(*raw), "SECRET", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    return CERTO_OK;
  };
  Transcript service("", time);
  provider::Task task;
  task.action = provider::Action::present;
  provider::call(provider, task, service);
  return shown;
}

}  // namespace

TEST_CASE("one-time passwords are those of RFC 6238") {
  CHECK(code_at(59) == "287082");
  CHECK(code_at(1111111109) == "081804");
  CHECK(code_at(1111111111) == "050471");
  CHECK(code_at(1234567890) == "005924");
  CHECK(code_at(2000000000) == "279037");
  CHECK(code_at(20000000000) == "353130");
}

TEST_CASE("base32 is read as people copy it") {
  const auto text = [](std::string_view encoded) {
    const auto bytes = sdk::from_base32(encoded);
    return bytes ? std::string(as_text(*bytes)) : "nothing";
  };
  CHECK(text("MZXW6YTBOI======") == "foobar");
  CHECK(text("mzxw 6ytb-oi") == "foobar");
  CHECK(text("MZXW6===") == "foo");
  CHECK(text("MZXW1") == "nothing");
  CHECK(text("") == "nothing");
}
