#include "sdk/record_data.h"

#include "fixtures/support.h"
#include "sdk/dns_wire.h"

using namespace certo;
using namespace certo::test;
using sdk::parse_caa;
using sdk::parse_tlsa;

TEST_CASE("the parts of a CAA record") {
  const sdk::Caa caa = parse_caa(" 128 ISSUE \"ca.example; accounturi=https://ca.example/1\"");
  CHECK(caa.flags == 128);
  CHECK(caa.tag == "issue");
  CHECK(caa.value == "ca.example; accounturi=https://ca.example/1");
  CHECK(parse_caa("0 issuewild ;").value == ";");
  CHECK(parse_caa("0 iodef \"\"").value.empty());
  for (const char* wrong : {"", "0", "0 issue", "256 issue \"a\"", "-1 issue \"a\"", "0 is-sue \"a\"",
                            "0 issue a b", "0 issue \"a\" \"b\"", "0 issue \"a"})
    CHECK_THROWS_AS(parse_caa(wrong), sdk::Failure);
}

TEST_CASE("the parts of a TLSA record") {
  const sdk::Tlsa tlsa = parse_tlsa("3 1 1 0D6F ce1f");
  CHECK(tlsa.usage == 3);
  CHECK(tlsa.selector == 1);
  CHECK(tlsa.matching == 1);
  CHECK(tlsa.data == "0d6fce1f");
  for (const char* wrong : {"", "3 1 1", "3 1 1 0d6", "3 1 1 xy", "3 1 256 0d"})
    CHECK_THROWS_AS(parse_tlsa(wrong), sdk::Failure);
}

TEST_CASE("CAA and TLSA as RDATA") {
  CHECK(hex(sdk::dns::caa_data(0, "issue", "ca.test")) ==
        "00056973737565"
        "63612e74657374");
  CHECK(hex(sdk::dns::tlsa_data(3, 1, 1, "0d6f")) == "0301010d6f");
}
