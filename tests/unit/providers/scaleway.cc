// Scaleway, from its documentation: https://www.scaleway.com/en/developers/api/domains-and-dns/
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"SCALEWAY_SECRET_KEY", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.scaleway.com/domain/v2beta1/dns-zones";

Outcome play_scaleway(const char* action, const std::string& transcript) {
  return play("scaleway", action, {sample_record}, sample_settings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> X-Auth-Token: secret\n"; }

std::string zones(const std::string& name, const std::string& list) {
  return ask("GET " + sample_api + "?dns_zone=" + name) + "< 200\n< {\"dns_zones\":[" + list +
         "],\"total_count\":1}\n";
}

const std::string found_reply =
    zones("_acme-challenge.example.com", "") +
    zones("example.com",
          R"({"domain":"example.com","subdomain":"","status":"active","ns":["ns0.dom.scw.cloud"]})");

std::string records(const std::string& list, const std::string& page = "1") {
  return ask("GET " + sample_api +
             "/example.com/records?name=_acme-challenge&type=TXT&page_size=100&page=" + page) +
         "< 200\n< {\"records\":[" + list + "],\"total_count\":1}\n";
}

std::string record(const std::string& id, const std::string& data) {
  return R"({"id":")" + id + R"(","data":"\")" + data +
         R"(\"","name":"_acme-challenge","priority":0,"ttl":60,"type":"TXT","comment":null})";
}

std::string patch(const std::string& changes) {
  return ask("PATCH " + sample_api + "/example.com/records") +
         "> Content-Type: application/json\n> \n> {\"changes\":[" + changes +
         "],\"disallow_new_zone_creation\":true}\n< 200\n< {\"records\":[]}\n";
}

const std::string added =
    R"({"add":{"records":[{"name":"_acme-challenge","type":"TXT","data":"\"new\"","ttl":60}]}})";

}  // namespace

TEST_CASE("scaleway: a record is added next to a foreign one") {
  const std::string addition = found_reply + records(record("1", "foreign")) + patch(added);
  CHECK(play_scaleway("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("scaleway", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("scaleway: two values are added in one request") {
  const std::string other =
      R"({"add":{"records":[{"name":"_acme-challenge","type":"TXT","data":"\"other\"","ttl":60}]}})";
  CHECK(play("scaleway", "present", {sample_record, {"_acme-challenge.example.com", "other", 60}},
             sample_settings, found_reply + records(record("1", "foreign")) + patch(added + "," + other))
            .status == CERTO_OK);
}

TEST_CASE("scaleway: an existing record is not added again") {
  CHECK(play_scaleway("present", found_reply + records(record("2", "new"))).status == CERTO_OK);
}

TEST_CASE("scaleway: cleanup takes our record by its id, on the second page too") {
  std::string full = record("0", "foreign");
  for (int i = 1; i < 100; ++i) full += "," + record(std::to_string(i), "foreign");
  const std::string removal =
      found_reply + records(full) + records(record("2f", "new"), "2") + patch(R"({"delete":{"id":"2f"}})");
  CHECK(play_scaleway("cleanup", removal).status == CERTO_OK);
  CHECK(play_scaleway("cleanup", found_reply + records(record("1", "foreign"))).status == CERTO_OK);
}

TEST_CASE("scaleway: a wrong token, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "?dns_zone=_acme-challenge.example.com");
  const Outcome refused = play_scaleway("present", question + R"(< 401
< {"message":"authentication is denied","method":"api_key","reason":"invalid_argument","type":"denied_authentication"}
)");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("authentication is denied"));
  CHECK(
      play_scaleway("present", zones("_acme-challenge.example.com", "") + zones("example.com", "")).status ==
      CERTO_NO_ZONE);
  CHECK(play_scaleway("present", question + "< 429\n< {\"message\":\"too many requests\"}\n").status ==
        CERTO_LATER);
}
