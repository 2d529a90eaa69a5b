// What a search service for Certificate Transparency answers.
#include "status/ct.h"

#include <doctest/doctest.h>

#include "fixtures/certificates.h"
#include "fixtures/support.h"

using namespace certo;
using namespace certo::status;
using certo::test::error_of;
using certo::test::test_time;
using Names = std::vector<std::string>;

namespace {

std::string entry(const std::string& serial, const std::string& names,
                  const std::string& seen = "2026-04-02T21:29:08.423",
                  const std::string& end = "2027-07-01T21:24:46") {
  return R"({"issuer_ca_id":282054,"issuer_name":"CN=CA","common_name":"x","name_value":")" + names +
         R"(","id":2,
    "entry_timestamp":")" +
         seen + R"(","not_before":"2026-04-02T21:18:57","not_after":")" + end + R"(","serial_number":")" +
         serial + R"("})";
}

Row row(const Names& names) {
  Row row;
  row.names = names;
  return row;
}

}  // namespace

TEST_CASE("one question for each name that is below no other one") {
  CHECK(names_for_ct({row({"www.example.com", "*.example.com"}), row({"example.com", "192.0.2.1", "::1"}),
                      row({"a.example.net", "notexample.com"})}) ==
        Names{"a.example.net", "example.com", "notexample.com"});
}

TEST_CASE("a precertificate and its certificate are one, first seen when the earlier one was") {
  const auto found =
      parse_ct_reply("[" + entry("06AB", "a.example.com\\nb.example.com") + "," +
                         entry("6ab", "b.example.com", "2026-04-01T00:00:00") + "," + entry("07", "c") + "]",
                     "ct.example");
  REQUIRE(found.size() == 2);
  CHECK(found[0].serial == "06ab");
  CHECK(found[0].names == Names{"a.example.com", "b.example.com"});
  CHECK(rfc3339(found[0].seen) == "2026-04-01T00:00:00Z");
  CHECK(rfc3339(found[0].not_after) == "2027-07-01T21:24:46Z");
}

TEST_CASE("a reply that is not a list is reported as what it is") {
  const auto words = [](const std::string& reply) {
    return error_of([&] { parse_ct_reply(reply, "ct.example"); }).message;
  };
  CHECK(words(" <!DOCTYPE html>") == "ct.example: it answers with HTML instead of a list in JSON");
  CHECK(words("busy") == "ct.example: it answers something else instead of a list in JSON");
  CHECK(words("{}") == "ct.example: its answer in JSON is not a list");
  CHECK(parse_ct_reply("[]", "ct.example").empty());
  CHECK(parse_ct_reply("[{}, {\"serial_number\":\"1\"}, " + entry("0b", "a.example") + "]", "ct.example")
            .size() == 1);
  for (const char* bad : {"[1]", "[{\"serial_number\":1}]"}) CHECK_FALSE(words(bad).empty());
}

TEST_CASE("what is ours, has expired, or is about another domain is not listed") {
  Overview overview{.now = test_time};
  const auto logged = parse_ct_reply(
      "[" + entry("01", "www.example.com") + "," +
          entry("02", "old.example.com", "2020-01-01T00:00:00", "2020-02-01T00:00:00") + "," +
          entry("03", "notexample.com") + "," + entry("04", "*.example.com", "2026-05-01T00:00:00") + "," +
          entry("05", "example.com") + "]",
      "ct.example");
  for (int i = 0; i < 2; ++i) add_unknown(overview, logged, {"example.com"}, {"5"});
  REQUIRE(overview.unknown.size() == 2);
  CHECK(overview.unknown[0].serial == "04");
  CHECK(overview.unknown[1].serial == "01");
  CHECK(overview.findings.size() == 2);
  CHECK(overview.level == Level::warn);
}

TEST_CASE("a reply of another form does not mean that all is well") {
  const Error error =
      error_of([] { parse_ct_reply(R"([{"dns_names":["a.example"],"sha256":"00"}])", "ct.example"); });
  CHECK(error.code == Exit::unreachable);
  CHECK(error.message == "ct.example: certo finds no certificate in its answer");
  CHECK(parse_ct_reply("[]", "ct.example").empty());
}

TEST_CASE("a certificate without a readable end is listed, and one with many names is bounded") {
  Overview overview;
  overview.now = test_time;
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "n" + std::to_string(i) + ".a.example\\n";
  const auto logged =
      parse_ct_reply("[" + entry("0a", many, "2026-04-02T21:29:08", "soon") + "]", "ct.example");
  REQUIRE(logged.size() == 1);
  CHECK(logged.front().names.size() == 1000);
  add_unknown(overview, logged, {"a.example"}, {});
  CHECK(overview.unknown.size() == 1);
}
