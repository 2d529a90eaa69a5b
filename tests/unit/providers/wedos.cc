// WEDOS, from its documentation: https://kb.wedos.com/en/wapi-api-interface/wapi-manual/ and
// https://kb.wedos.com/en/wapi-api-interface/wapi-command-dns-rows-list/
#include "base/time.h"
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"
#include "sdk/provider.hpp"

using namespace certo;
using namespace certo::test;

namespace {

int64_t seconds(const char* time) { return from_rfc3339(time)->time_since_epoch().count(); }

std::string ask(const std::string& command, const std::string& data, const std::string& answer,
                const std::string& hour = "13") {
  const auto sha1 = [](const std::string& text) { return hex(crypto::digest("sha1", text)); };
  const std::string body = R"({"request":{"user":"me@example.com","auth":")" +
                           sha1("me@example.com" + sha1("secret") + hour) + R"(","command":")" + command +
                           R"(","data":)" + data + "}}";
  return "> POST https://api.wedos.com/wapi/json\n> Content-Type: application/x-www-form-urlencoded\n> \n> request=" +
         sdk::escaped(body) + "\n< " + answer + "\n";
}

std::string result(const std::string& code, const std::string& data = "{}", const std::string& words = "OK") {
  return "200\n< {\"response\":{\"code\":" + code + ",\"result\":\"" + words +
         "\",\"timestamp\":1,\"command\":\"c\",\"data\":" + data + "}}";
}

const std::string zone = ask("dns-rows-list", R"({"domain":"example.com"})", result("1000", "{\"row\":[]}"));

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> rows;
  for (const std::string& value : values)
    rows.push_back(R"({"ID":")" + std::to_string(rows.size() + 1) +
                   R"(","name":"_acme-challenge","ttl":300,"rdtype":"TXT","rdata":")" + value + "\"}");
  rows.push_back(R"({"ID":"8","name":"","ttl":300,"rdtype":"TXT","rdata":"new"})");
  rows.push_back(R"({"ID":"9","name":"_acme-challenge","ttl":300,"rdtype":"CNAME","rdata":"new"})");
  return ask("dns-rows-list", R"({"domain":"example.com"})",
             result("1000", "{\"row\":[" + join(rows, ",") + "]}"));
}

std::string add(const std::string& name, const std::string& answer = result("1000")) {
  return ask("dns-row-add",
             R"({"domain":"example.com","name":")" + name + R"(","ttl":"300","type":"TXT","rdata":"new"})",
             answer);
}

const std::string commit = ask("dns-domain-commit", R"({"name":"example.com"})", result("1000"));

ValueService service() {
  return {.name = "wedos",
          .settings = {{"WEDOS_USERNAME", "me@example.com"}, {"WEDOS_WAPI_PASSWORD", "secret"}},
          .now = seconds("2026-11-30T12:10:00Z"),
          .start = zone,
          .list = list,
          .add = add("_acme-challenge"),
          .remove = ask("dns-row-delete", R"({"domain":"example.com","row_id":"2"})", result("1000")),
          .gone = "",
          .publish = commit};
}

}  // namespace

TEST_CASE("wedos: records are added and removed one by one, then committed") {
  check_records(service());
  check_bytes(service());
  check_trouble(service());
  CHECK(play(service(), "cleanup",
             zone + list({"foreign"}) +
                 ask("dns-row-delete", R"({"domain":"example.com","row_id":"8"})", result("1000")) + commit,
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("wedos: the hour in Prague, in winter and in summer") {
  const auto at = [](const char* time, const char* hour) {
    ValueService other = service();
    other.now = seconds(time);
    CHECK(play(other, "present",
               ask("dns-rows-list", R"({"domain":"example.com"})", result("2202", "{}", "Domain not found"),
                   hour))
              .status == CERTO_NO_ZONE);
  };
  at("2026-03-29T00:59:59Z", "01");
  at("2026-03-29T01:00:00Z", "03");
  at("2026-07-01T22:30:00Z", "00");
  at("2026-10-25T00:59:59Z", "02");
  at("2026-10-25T01:00:00Z", "02");
  at("2026-12-31T23:30:00Z", "00");
  at("2027-03-28T01:00:00Z", "03");
}

TEST_CASE("wedos: the service's words") {
  const provider::Outcome refused =
      play(service(), "present",
           ask("dns-rows-list", R"({"domain":"example.com"})",
               result("2051", "{}", "Access not allowed from this IP address")));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why == "the credentials are refused: 2051: Access not allowed from this IP address");
  CHECK(play(service(), "present", answered(zone, result("4000", "{}", "Internal error"))).status ==
        CERTO_UNREACHABLE);
  CHECK(play(service(), "present", answered(zone, "200\n< {}")).status == CERTO_UNREACHABLE);
  CHECK(play(service(), "present", zone + list({}) + add("_acme-challenge", result("2308", "{}", "Invalid")))
            .why == "dns-row-add answered 2308: Invalid");
}
