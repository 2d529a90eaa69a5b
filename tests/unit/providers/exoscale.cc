// Exoscale, from its documentation: https://openapi-v2.exoscale.com/
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1599140167;

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer, const std::string& root = "https://api-ch-gva-2.exoscale.com") {
  const std::string text = method + " /v2" + path + "\n" + body + "\n\n\n1599140767";
  return "> " + method + " " + root + "/v2" + path +
         "\n> Authorization: EXO2-HMAC-SHA256 credential=EXOkey,expires=1599140767,signature=" +
         base64(crypto::hmac("sha256", as_bytes("secret"), text)) + "\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + answer +
         "\n";
}

const std::string zones = ask("GET", "/dns-domain", "",
                              R"(200
< {"dns-domains":[{"id":"d-0","unicode-name":"example.org"},{"id":"d-1","unicode-name":"example.com"}]})");
const std::string pending = R"(200
< {"id":"o-1","state":"pending","reference":{"id":"r"}})";

std::string record(size_t id, const std::string& name, const std::string& value,
                   const std::string& type = "TXT") {
  return R"({"id":"r-)" + std::to_string(id) + R"(","name":")" + name + R"(","type":")" + type +
         R"(","content":")" + value + R"(","ttl":60})";
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back(record(records.size() + 1, "_acme-challenge", value));
  records.push_back(record(8, "_acme-challenge", "new", "CNAME"));
  records.push_back(record(9, "_acme-challenge.www", "new"));
  return ask("GET", "/dns-domain/d-1/record", "",
             "200\n< {\"dns-domain-records\":[" + join(records, ",") + "]}");
}

std::string add(const std::string& name, const std::string& answer = pending) {
  return ask("POST", "/dns-domain/d-1/record",
             R"({"name":")" + name + R"(","type":"TXT","content":"new","ttl":60})", answer);
}

ValueService service() {
  return {.name = "exoscale",
          .settings = {{"EXOSCALE_API_KEY", "EXOkey"}, {"EXOSCALE_API_SECRET", "secret"}},
          .now = test_time,
          .start = zones,
          .list = list,
          .add = add("_acme-challenge"),
          .remove = ask("DELETE", "/dns-domain/d-1/record/r-2", "", pending),
          .gone = ask("DELETE", "/dns-domain/d-1/record/r-2", "", "404\n< {\"message\":\"Not Found\"}")};
}

}  // namespace

TEST_CASE("exoscale: records are added and removed one by one") {
  check_all(service());
  CHECK(play(service(), "present", zones + list({}) + add(""), {{"example.com", "new", 60}}).status ==
        CERTO_OK);
}

TEST_CASE("exoscale: another endpoint, and the service's words") {
  ValueService other = service();
  other.settings["EXOSCALE_ENDPOINT"] = "https://api-at-vie-1.exoscale.com";
  CHECK(
      play(other, "present",
           ask("GET", "/dns-domain", "", "403\n< {\"message\":\"Invalid credentials\"}",
               "https://api-at-vie-1.exoscale.com"))
          .why ==
      "the credentials are refused: GET https://api-at-vie-1.exoscale.com/v2/dns-domain answered 403: Invalid "
      "credentials");
  CHECK(play(service(), "present",
             zones + list({}) + add("_acme-challenge", "200\n< {\"state\":\"failure\",\"message\":\"no\"}"))
            .why == "POST https://api-ch-gva-2.exoscale.com/v2/dns-domain/d-1/record: failure: no");
  CHECK(play(service(), "present", ask("GET", "/dns-domain", "", "200\n< {\"dns-domains\":[]}")).status ==
        CERTO_NO_ZONE);
}
