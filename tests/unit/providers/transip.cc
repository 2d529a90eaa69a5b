// TransIP, from its documentation: https://api.transip.nl/rest/docs.html
#include "crypto/key.h"
#include "fixtures/rfc7515.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string api = "https://api.transip.nl/v6";

std::string login(const std::string& global = "true") {
  const std::string body =
      R"({"login":"me","nonce":"000102030405460788090a0b0c0d0e0f","read_only":false,"expiration_time":"30 minutes",)"
      R"("label":"certo-000102030405460788090a0b0c0d0e0f","global_key":)" +
      global + "}";
  const Bytes signature = crypto::PrivateKey::from_pem(rfc7515_key, "key").sign_by("RS512", body);
  return "> POST " + api + "/auth\n> Content-Type: application/json\n> Signature: " + base64(signature) +
         "\n> \n> " + body + "\n< 201\n< {\"token\":\"tok\"}\n";
}

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer) {
  return "> " + method + " " + api + path +
         "\n> Authorization: Bearer tok\n> Content-Type: application/json\n" +
         (body.empty() ? "" : "> \n> " + body + "\n") + "< " + answer + "\n";
}

const std::string zone =
    ask("GET", "/domains/example.com", "", "200\n< {\"domain\":{\"name\":\"example.com\"}}");

std::string entry(const std::string& name, int ttl, const std::string& value,
                  const std::string& type = "TXT") {
  return "{\"name\":\"" + name + "\",\"expire\":" + std::to_string(ttl) + ",\"type\":\"" + type +
         "\",\"content\":\"" + value + "\"}";
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> entries = {entry("@", 60, "new"), entry("_acme-challenge", 60, "new", "CNAME")};
  for (const std::string& value : values)
    entries.push_back(entry("_acme-challenge", value == "new" ? 300 : 86400, value));
  return ask("GET", "/domains/example.com/dns", "", "200\n< {\"dnsEntries\":[" + join(entries, ",") + "]}");
}

std::string change(const std::string& method, const std::string& changed, const std::string& answer) {
  return ask(method, "/domains/example.com/dns", "{\"dnsEntry\":" + changed + "}", answer);
}

ValueService service() {
  return {.name = "transip",
          .settings = {{"TRANSIP_ACCOUNT_NAME", "me"}, {"TRANSIP_PRIVATE_KEY_FILE", rfc7515_key}},
          .start = login() + zone,
          .list = list,
          .add = change("POST", entry("_acme-challenge", 60, "new"), "201\n< []"),
          .remove = change("DELETE", entry("_acme-challenge", 300, "new"), "204"),
          .gone = change("DELETE", entry("_acme-challenge", 300, "new"), "404\n< {\"error\":\"not found\"}"),
          .publish = "",
          .end = "",
          .step = 13};
}

}  // namespace

TEST_CASE("transip: entries are added and removed one by one") { check_all(service()); }

TEST_CASE("transip: the name of the zone itself, and TTLs that the service has") {
  CHECK(play(service(), "present",
             login() + zone + list({}) + change("POST", entry("_acme-challenge", 86400, "new"), "201"),
             {{"_acme-challenge.example.com", "new", 3601}})
            .status == CERTO_OK);
  CHECK(play(service(), "cleanup", login() + zone + list({}) + change("DELETE", entry("@", 60, "new"), "204"),
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("transip: a key in base64, and one for listed addresses only") {
  ValueService other = service();
  other.settings = {{"TRANSIP_ACCOUNT_NAME", "me"},
                    {"TRANSIP_PRIVATE_KEY", base64(as_bytes(rfc7515_key))},
                    {"TRANSIP_GLOBAL_KEY", "false"}};
  other.start = login("false") + zone;
  CHECK(play(other, "cleanup", other.start + list({})).status == CERTO_OK);
  other.settings["TRANSIP_PRIVATE_KEY"] = "no key";
  CHECK(play(other, "present", "").status == CERTO_CONFIG);
}

TEST_CASE("transip: the service's words") {
  const provider::Outcome refused =
      play(service(), "present", answered(login(), "401\n< {\"error\":\"Your access token is invalid.\"}"));
  CHECK(
      refused.why ==
      "the credentials are refused: POST https://api.transip.nl/v6/auth answered 401: Your access token is invalid.");
  CHECK(play(service(), "present", answered(login(), "201\n< {}")).status == CERTO_UNREACHABLE);
  CHECK(play(service(), "present",
             login() + ask("GET", "/domains/example.com", "", "404\n< {\"error\":\"no\"}"))
            .status == CERTO_NO_ZONE);
  CHECK(play(service(), "present",
             login() + zone + list({}) +
                 change("POST", entry("_acme-challenge", 60, "new"), "406\n< {\"error\":\"invalid\"}"))
            .why == "POST https://api.transip.nl/v6/domains/example.com/dns answered 406: invalid");
}
