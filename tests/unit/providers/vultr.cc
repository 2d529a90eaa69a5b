// Vultr, from its documentation: https://www.vultr.com/api/#tag/dns
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"VULTR_API_KEY", "secret"}};
const Record sample_record = {"_acme-challenge.www.example.com", "new", 60};

Outcome play_vultr(const char* action, const std::string& transcript) {
  return play("vultr", action, {sample_record}, sample_settings, transcript);
}

std::string request(const std::string& line) { return "> " + line + "\n> Authorization: Bearer secret\n"; }

std::string get(const std::string& path, const std::string& answer) {
  return request("GET https://api.vultr.com/v2" + path) + "< 200\n< " + answer + "\n";
}

std::string meta(const std::string& next) {
  return R"(,"meta":{"total":2,"links":{"next":")" + next + R"(","prev":""}}})";
}

const std::string zones_url =
    get("/domains?per_page=500",
        R"({"domains":[{"domain":"example.com","date_created":"2020-10-10T01:56:20+00:00"}])" + meta(""));

std::string record(const std::string& id, const std::string& data) {
  return R"({"id":")" + id + R"(","type":"TXT","name":"_acme-challenge.www","data":")" + data +
         R"(","priority":0,"ttl":120})";
}

std::string records(const std::string& list, const std::string& next = "", const std::string& query = "") {
  return get("/domains/example.com/records?per_page=500" + query,
             R"({"records":[)" + list + "]" + meta(next));
}

const std::string foreign = record("f00d", R"(\"foreign\")");

const std::string sample_addition =
    zones_url + records(foreign) +
    "> POST https://api.vultr.com/v2/domains/example.com/records\n> Authorization: Bearer secret\n"
    "> Content-Type: application/json\n> \n"
    R"(> {"name":"_acme-challenge.www","type":"TXT","data":"\"new\"","ttl":120})"
    "\n< 201\n< {\"record\":" +
    record("cb676a46", R"(\"new\")") + "}\n";

}  // namespace

TEST_CASE("vultr: a record is added next to a foreign one") {
  CHECK(play_vultr("present", sample_addition).status == CERTO_OK);
  CHECK(unnoticed_changes("vultr", "present", {sample_record}, sample_settings, sample_addition) == 0);
}

TEST_CASE("vultr: an existing record is not added again") {
  CHECK(play_vultr("present", zones_url + records(foreign + "," + record("1", R"(\"new\")"))).status ==
        CERTO_OK);
}

TEST_CASE("vultr: cleanup removes our value on every page and leaves the foreign one") {
  const std::string removal =
      zones_url + records(foreign, "bmV4dA==") +
      records(record("cb676a46", R"(\"new\")"), "", "&cursor=bmV4dA%3D%3D") +
      request("DELETE https://api.vultr.com/v2/domains/example.com/records/cb676a46") + "< 204\n";
  CHECK(play_vultr("cleanup", removal).status == CERTO_OK);
  CHECK(unnoticed_changes("vultr", "cleanup", {sample_record}, sample_settings, removal) == 0);
  CHECK(play_vultr("cleanup", zones_url + records(foreign)).status == CERTO_OK);
}

TEST_CASE("vultr: a zone on the second page, the longest that fits") {
  CHECK(play_vultr("cleanup",
                   get("/domains?per_page=500", R"({"domains":[{"domain":"example.com"}])" + meta("Mg")) +
                       get("/domains?per_page=500&cursor=Mg",
                           R"({"domains":[{"domain":"www.example.com"}])" + meta("")) +
                       get("/domains/www.example.com/records?per_page=500", R"({"records":[])" + meta("")))
            .status == CERTO_OK);
}

TEST_CASE("vultr: a wrong token, no such zone, and a rate limit") {
  const std::string question = request("GET https://api.vultr.com/v2/domains?per_page=500");
  const Outcome refused =
      play_vultr("present", question + "< 401\n< {\"error\":\"Invalid API token.\",\"status\":401}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Invalid API token."));
  CHECK(refused.why.find("secret") == std::string::npos);
  CHECK(play_vultr("present", get("/domains?per_page=500", R"({"domains":[])" + meta(""))).status ==
        CERTO_NO_ZONE);
  CHECK(play_vultr("present", question + "< 429\n< {\"error\":\"Rate limit reached\",\"status\":429}\n")
            .status == CERTO_LATER);
}
