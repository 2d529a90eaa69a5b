// Aurora DNS, as its clients https://github.com/nrdcg/auroradns, lego and acme.sh agree.
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer, const std::string& root = "https://api.auroradns.eu") {
  const std::string time = "20170714T024000Z";
  const std::string signature = base64(crypto::hmac("sha256", as_bytes("secret"), method + path + time));
  return "> " + method + " " + root + path +
         "\n> Content-Type: application/json\n> X-AuroraDNS-Date: " + time +
         "\n> Authorization: AuroraDNSv1 " + base64(as_bytes("key:" + signature)) + "\n" +
         (body.empty() ? "" : "> \n> " + body + "\n") + "< " + answer + "\n";
}

const std::string zones = ask("GET", "/zones", "", R"(200
< [{"id":"z-0","name":"example.org"},{"id":"z-1","name":"example.com"}])");

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> records = {
      R"({"id":"8","type":"TXT","name":"","content":"new","ttl":300})",
      R"({"id":"9","type":"A","name":"_acme-challenge","content":"new","ttl":300})"};
  for (const std::string& value : values)
    records.push_back("{\"id\":\"" + std::to_string(records.size() - 1) +
                      R"(","type":"TXT","name":"_acme-challenge","content":")" + value + R"(","ttl":300})");
  return ask("GET", "/zones/z-1/records", "", "200\n< [" + join(records, ",") + "]");
}

std::string add(const std::string& answer) {
  return ask("POST", "/zones/z-1/records",
             R"({"type":"TXT","name":"_acme-challenge","content":"new","ttl":60})", answer);
}

ValueService service() {
  return {.name = "auroradns",
          .settings = {{"AURORA_API_KEY", "key"}, {"AURORA_SECRET", "secret"}},
          .now = 1500000000,
          .start = zones,
          .list = list,
          .add = add("201\n< {\"id\":\"7\"}"),
          .remove = ask("DELETE", "/zones/z-1/records/2", "", "200\n< {}"),
          .gone = ask("DELETE", "/zones/z-1/records/2", "", "404\n< {\"error\":\"RecordNotFoundError\"}")};
}

}  // namespace

TEST_CASE("auroradns: records are added and removed one by one") {
  check_all(service());
  CHECK(
      play(service(), "present", zones + list({}) + add("409\n< {\"error\":\"RecordExistsError\"}")).status ==
      CERTO_OK);
  CHECK(play(service(), "cleanup", zones + list({}) + ask("DELETE", "/zones/z-1/records/8", "", "200\n< {}"),
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("auroradns: another endpoint, and the service's words") {
  ValueService other = service();
  other.settings["AURORA_ENDPOINT"] = "https://dns.example/";
  CHECK(play(other, "present", ask("GET", "/zones", "", "200\n< []", "https://dns.example")).status ==
        CERTO_NO_ZONE);
  CHECK(play(service(), "present",
             answered(zones,
                      "401\n< {\"error\":\"AuthenticationRequiredError\",\"errormsg\":\"Failed to parse\"}"))
            .why ==
        "the credentials are refused: GET https://api.auroradns.eu/zones answered 401: Failed to parse");
  CHECK(play(service(), "present", zones + list({}) + add("409\n< {\"error\":\"Conflict\"}")).why ==
        "POST https://api.auroradns.eu/zones/z-1/records answered 409: Conflict");
}
