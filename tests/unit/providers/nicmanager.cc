// nicmanager, from the table and the behaviour of another client (https://api.nicmanager.com/docs/v1/)
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string api = "https://api.nicmanager.com/v1/anycast/";
const std::string user = "account.me";

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer, const std::string& header = "") {
  return "> " + method + " " + api + path + "\n> Authorization: Basic " + base64(as_bytes(user + ":secret")) +
         "\n> Accept: application/json\n" + header +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + answer +
         "\n";
}

const std::string not_found = "404\n< {\"message\":\"zone not found\"}";
const std::string empty_zone = "200\n< {\"name\":\"example.com\",\"active\":true,\"records\":[]}";

std::string list(const std::vector<std::string>& values) {
  std::string records = R"({"id":9,"name":"www.example.com","type":"TXT","content":"new","ttl":900})";
  for (size_t i = 0; i < values.size(); ++i)
    records += R"(,{"id":)" + std::to_string(i + 1) +
               R"(,"name":"_acme-challenge.example.com","type":"TXT","content":")" + values[i] +
               R"(","ttl":900})";
  return ask("GET", "example.com", "", "200\n< {\"name\":\"example.com\",\"records\":[" + records + "]}");
}

ValueService service() {
  return {.name = "nicmanager",
          .settings = {{"NICMANAGER_API_LOGIN", "account"},
                       {"NICMANAGER_API_USERNAME", "me"},
                       {"NICMANAGER_API_PASSWORD", "secret"}},
          .now = 59,
          .start = ask("GET", "_acme-challenge.example.com", "", not_found) +
                   ask("GET", "example.com", "", empty_zone),
          .list = list,
          .add = ask("POST", "example.com/records",
                     R"({"name":"_acme-challenge.example.com.","value":"new","ttl":900,"type":"TXT"})",
                     "202\n< {}"),
          .remove = ask("DELETE", "example.com/records/2", "", "202"),
          .gone = ask("DELETE", "example.com/records/2", "", not_found),
          .publish = "",
          .end = "",
          .write = {}};
}

}  // namespace

TEST_CASE("nicmanager: each value is a record of its own") { check_all(service()); }

TEST_CASE("nicmanager: a second factor, an e-mail address and the other kind of zones") {
  // The secret and the time of RFC 6238's test vector.
  const std::string head = "\n> Authorization: Basic " + base64(as_bytes("me@example.com:secret")) +
                           "\n> Accept: application/json\n> X-Auth-Token: 287082\n";
  const auto outcome =
      play("nicmanager", "cleanup", {sample_record},
           {{"NICMANAGER_API_EMAIL", "me@example.com"},
            {"NICMANAGER_API_PASSWORD", "secret"},
            {"NICMANAGER_API_OTP", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"},
            {"NICMANAGER_MODE", "zone"}},
           "> GET https://api.nicmanager.com/v1/zone/_acme-challenge.example.com" + head +
               "< 404\n> GET https://api.nicmanager.com/v1/zone/example.com" + head + "< " + empty_zone +
               "\n> GET https://api.nicmanager.com/v1/zone/example.com" + head + "< " + empty_zone + "\n",
           59);
  CHECK_MESSAGE(outcome.status == CERTO_OK, outcome.why);
}

TEST_CASE("nicmanager: a password without a user") {
  CHECK(
      play("nicmanager", "present", {sample_record}, {{"NICMANAGER_API_PASSWORD", "secret"}}, "", 0).status ==
      CERTO_CONFIG);
}
