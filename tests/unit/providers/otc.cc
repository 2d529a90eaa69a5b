// Open Telekom Cloud, from https://docs.otc.t-systems.com/domain-name-service/api-ref/apis/ and
// https://docs.otc.t-systems.com/identity-access-management/api-ref/apis/token_management/
#include "fixtures/keystone.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values otc_settings = {{"OTC_USER_NAME", "me"},
                                       {"OTC_PASSWORD", "secret"},
                                       {"OTC_DOMAIN_NAME", "OTC-EU-DE-1"},
                                       {"OTC_PROJECT_NAME", "eu-de"}};
const Record otc_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_otc(const char* action, const std::string& transcript,
                 std::vector<Record> records = {otc_record}, provider::Values settings = otc_settings) {
  return play("otc", action, std::move(records), std::move(settings), transcript);
}

std::string asked(const std::string& url = "https://iam.eu-de.otc.t-systems.com/v3/auth/tokens") {
  return keystone_request(
      url, R"({"identity":{"methods":["password"],"password":{"user":{"name":"me","password":"secret",)"
           R"("domain":{"name":"OTC-EU-DE-1"}}}},"scope":{"project":{"name":"eu-de"}}})");
}

const std::string token = keystone_reply("https://dns.eu-de.otc.t-systems.com");

std::string call(const std::string& method, const std::string& path, const std::string& answer,
                 const std::string& body = "") {
  return "> " + method + " https://dns.eu-de.otc.t-systems.com/v2" + path +
         "\n> X-Auth-Token: T0k\n> Accept: application/json\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< 202\n< " +
         answer + "\n";
}

std::string zone(const std::string& more = "") {
  return "> ZONE _acme-challenge.example.com\n< example.com\n" +
         call("GET", "/zones?name=example.com." + more,
              R"({"zones":[{"id":"z0","name":"www.example.com."},{"id":"z1","name":"example.com."}]})");
}

std::string sets(const std::string& list) {
  return call("GET", "/zones/z1/recordsets?type=TXT&name=_acme-challenge.example.com.",
              "{\"recordsets\":[" + list + "]}");
}

const std::string foreign =
    R"({"id":"r1","name":"_acme-challenge.example.com.","type":"TXT","ttl":600,"records":["\"foreign\""]})";
const std::string sample_addition =
    asked() + token + zone() + sets(foreign) +
    call(
        "PUT", "/zones/z1/recordsets/r1", "{}",
        R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":600,"records":["\"foreign\"","\"new\""]})");

}  // namespace

TEST_CASE("otc: a value is added to the record set, whose name the service wants again") {
  CHECK(play_otc("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("otc: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("otc", "present", {otc_record}, otc_settings, sample_addition) == 0);
}

TEST_CASE("otc: a new record set gets the shortest TTL; cleanup twice") {
  CHECK(
      play_otc(
          "present",
          asked() + token + zone() + sets("") +
              call("POST", "/zones/z1/recordsets", "{}",
                   R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":300,"records":["\"new\""]})"))
          .status == CERTO_OK);
  CHECK(play_otc("cleanup", asked() + token + zone() + sets(foreign)).status == CERTO_OK);
}

TEST_CASE("otc: a private zone and another identity service") {
  provider::Values settings = otc_settings;
  settings["OTC_PRIVATE_ZONE"] = "true";
  settings["OTC_IDENTITY_ENDPOINT"] = "https://iam.eu-nl.otc.t-systems.com/v3/auth/tokens";
  CHECK(play_otc("cleanup",
                 asked("https://iam.eu-nl.otc.t-systems.com/v3/auth/tokens") + token + zone("&type=private") +
                     sets(""),
                 {otc_record}, settings)
            .status == CERTO_OK);
}

TEST_CASE("otc: a wrong password, and services in trouble") {
  CHECK(play_otc("present", asked() + keystone_refusal()).status == CERTO_CONFIG);
  check_trouble([](const std::string& transcript) { return play_otc("present", transcript); }, asked());
}
