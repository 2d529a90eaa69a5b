// Constellix, from its documentation: https://api-docs.constellix.com/
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string api = "https://api.dns.constellix.com/v1/domains";
const std::string not_found = "404\n< {\"errors\":[\"Requested record was not found\"]}";

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer) {
  return "> " + method + " " + api + path + "\n> x-cns-security-token: key:" +
         base64(crypto::hmac("sha1", as_bytes("secret"), "1580908547000")) + ":1580908547000\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + answer +
         "\n";
}

std::string zone(const std::string& name, const std::string& answer) {
  return ask("GET", "/search?exact=" + name, "", answer);
}
const std::string found_zone = zone("_acme-challenge.example.com", not_found) +
                               zone("example.com", "200\n< [{\"id\":273302,\"name\":\"example.com\"}]");

std::string entries(const std::vector<std::string>& values) {
  std::vector<std::string> list;
  for (const std::string& value : values)
    list.push_back(R"({"value":"\")" + value +
                   (value == "foreign" ? R"(\"","disableFlag":true})" : R"(\""})"));
  return "\"roundRobin\":[" + join(list, ",") + "]";
}

std::string body_of(const std::string& name, const std::vector<std::string>& values, const std::string& ttl) {
  return R"({"name":")" + name + R"(","ttl":)" + ttl + "," + entries(values) + "}";
}

std::string record(const std::vector<std::string>& values) {
  return ask("GET", "/273302/records/txt/7", "", "200\n< {\"id\":7,\"ttl\":300," + entries(values) + "}");
}

std::string list(const std::vector<std::string>& values) {
  const std::string search = "/273302/records/txt/search?exact=_acme-challenge";
  if (values.empty()) return ask("GET", search, "", not_found);
  return ask("GET", search, "", "200\n< [{\"id\":7,\"name\":\"_acme-challenge\"}]") + record(values);
}

ValueService service() {
  return {.name = "constellix",
          .settings = {{"CONSTELLIX_API_KEY", "key"}, {"CONSTELLIX_SECRET_KEY", "secret"}},
          .now = 1580908547,
          .start = found_zone,
          .list = list,
          .add = "",
          .remove = "",
          .gone = "",
          .publish = "",
          .end = "",
          .write = [](const auto& before, const auto& after) {
            const std::string own = "/273302/records/txt/7";
            if (after.empty()) return ask("DELETE", own, "", "200\n< {\"success\":\"deleted\"}");
            return before.empty() ? ask("POST", "/273302/records/txt",
                                        body_of("_acme-challenge", after, "60"), "201\n< []")
                                  : ask("PUT", own, body_of("_acme-challenge", after, "300"), "200\n< {}");
          }};
}

}  // namespace

TEST_CASE("constellix: a record's list of values is replaced, and what is not ours stays as it was") {
  check_all(service());
}

TEST_CASE("constellix: the name of the zone itself") {
  const std::string all = R"(200
< [{"id":8,"name":"www"},{"id":7,"name":""}])";
  CHECK(play(service(), "present",
             zone("example.com", "200\n< [{\"id\":273302,\"name\":\"example.com\"}]") +
                 ask("GET", "/273302/records/txt", "", all) + record({"foreign"}) +
                 ask("PUT", "/273302/records/txt/7", body_of("", {"foreign", "new"}, "300"), "200\n< {}"),
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("constellix: the service's words") {
  CHECK(play(service(), "present", answered(found_zone, "400\n< {\"errors\":[\"Rate limit exceeded\"]}"))
            .status == CERTO_LATER);
  CHECK(play(service(), "present",
             answered(found_zone, "401\n< {\"errors\":[\"Unable to authenticate token\"]}"))
            .why.ends_with("answered 401: Unable to authenticate token"));
  CHECK(play(service(), "present",
             zone("_acme-challenge.example.com", not_found) + zone("example.com", not_found))
            .status == CERTO_NO_ZONE);
}
