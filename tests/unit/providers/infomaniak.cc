// Infomaniak, from its documentation:
// https://developer.infomaniak.com/docs/api/get/2/zones/%7Bzone%7D/records
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"INFOMANIAK_ACCESS_TOKEN", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.infomaniak.com/2/zones";

Outcome play_infomaniak(const char* action, const std::string& transcript,
                        const Record& record = sample_record) {
  return play("infomaniak", action, {record}, sample_settings, transcript);
}

std::string ask(const std::string& line) {
  return "> " + line + "\n> Authorization: Bearer secret\n> Accept: application/json\n";
}

std::string error(const std::string& status, const std::string& code, const std::string& description) {
  return "< " + status + R"(
< {"result":"error","error":{"code":")" +
         code + R"(","description":")" + description + "\"}}\n";
}

std::string no_zone(const std::string& name) {
  return ask("GET " + sample_api + "/" + name) +
         error("404", "zone_does_not_exists", "Zone does not exists: " + name);
}

const std::string sample_zone = ask("GET " + sample_api + "/example.com") + R"(< 200
< {"result":"success","data":{"id":42,"fqdn":"example.com","dnssec":{"is_enabled":true},"nameservers":["ns1.infomaniak.ch"]}}
)";
const std::string found_reply = no_zone("_acme-challenge.example.com") + sample_zone;

std::string record(const std::string& id, const std::string& value) {
  return R"({"id":)" + id + R"(,"type":"TXT","source":"_acme-challenge","target":"\")" + value +
         R"(\"","ttl":300,"updated_at":12345678})";
}

std::string records(const std::string& list, const std::string& page = "1",
                    const std::string& source = "_acme-challenge") {
  return ask("GET " + sample_api + "/example.com/records?filter%5Bsource%5D=" + source +
             "&filter%5Btypes%5D%5B%5D=TXT&per_page=100&page=" + page) +
         "< 200\n< {\"result\":\"success\",\"data\":[" + list + "],\"page\":" + page +
         ",\"items_per_page\":100}\n";
}

std::string post(const std::string& source) {
  return ask("POST " + sample_api + "/example.com/records") + "> Content-Type: application/json\n> \n" +
         R"(> {"type":"TXT","source":")" + source + R"(","target":"\"new\"","ttl":300})" +
         "\n< 201\n< {\"result\":\"success\",\"data\":" + record("7", "new") + "}\n";
}

const std::string delete_reply = ask("DELETE " + sample_api + "/example.com/records/7");
const std::string deleted = "< 200\n< {\"result\":\"success\",\"data\":true}\n";

}  // namespace

TEST_CASE("infomaniak: a record is added to an empty name, and next to a foreign one") {
  CHECK(play_infomaniak("present", found_reply + records("") + post("_acme-challenge")).status == CERTO_OK);
  const std::string addition = found_reply + records(record("6", "foreign")) + post("_acme-challenge");
  CHECK(play_infomaniak("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("infomaniak", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("infomaniak: an existing record is not added again") {
  CHECK(play_infomaniak("present", found_reply + records(record("7", "new"))).status == CERTO_OK);
}

TEST_CASE("infomaniak: cleanup removes our value and leaves the foreign one") {
  const std::string removal =
      found_reply + records(record("6", "foreign") + "," + record("7", "new")) + delete_reply + deleted;
  CHECK(play_infomaniak("cleanup", removal).status == CERTO_OK);
  CHECK(unnoticed_changes("infomaniak", "cleanup", {sample_record}, sample_settings, removal) == 0);
}

TEST_CASE("infomaniak: our value on the second page") {
  std::string full = record("0", "foreign");
  for (int i = 1; i < 100; ++i) full += "," + record("6", "foreign");
  CHECK(play_infomaniak("cleanup", found_reply + records(full) + records(record("7", "new"), "2") +
                                       delete_reply + deleted)
            .status == CERTO_OK);
}

TEST_CASE("infomaniak: a record that is already gone, or goes meanwhile, is a success") {
  CHECK(play_infomaniak("cleanup", found_reply + records(record("6", "foreign"))).status == CERTO_OK);
  CHECK(play_infomaniak("cleanup", found_reply + records(record("7", "new")) + delete_reply +
                                       error("404", "object_not_found", "Object not found"))
            .status == CERTO_OK);
}

TEST_CASE("infomaniak: the zone's own name is a dot") {
  CHECK(
      play_infomaniak("present", sample_zone + records("", "1", ".") + post("."), {"example.com", "new", 60})
          .status == CERTO_OK);
}

TEST_CASE("infomaniak: a wrong token, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "/_acme-challenge.example.com");
  const Outcome refused =
      play_infomaniak("present", question + error("401", "not_authorized", "Authorization required"));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Authorization required"));
  CHECK(refused.why.find("secret") == std::string::npos);
  CHECK(play_infomaniak("present", no_zone("_acme-challenge.example.com") + no_zone("example.com")).status ==
        CERTO_NO_ZONE);
  CHECK(
      play_infomaniak("present", question + error("429", "too_many_requests", "Too many requests")).status ==
      CERTO_LATER);
}
