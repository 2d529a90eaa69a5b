// Hetzner, from its documentation: https://docs.hetzner.cloud/reference/cloud#tag/zone-rrset-actions
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"HETZNER_API_TOKEN", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.hetzner.cloud/v1/zones";
const std::string sample_rrset = sample_api + "/example.com/rrsets/_acme-challenge/TXT";

Outcome play_hetzner(const char* action, const std::string& transcript,
                     const std::vector<Record>& records = {sample_record}) {
  return play("hetzner", action, records, sample_settings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: Bearer secret\n"; }

const std::string not_found_reply =
    "< 404\n< {\"error\":{\"code\":\"not_found\",\"message\":\"resource not found\",\"details\":null}}\n";

const std::string found_reply =
    ask("GET " + sample_api + "/_acme-challenge.example.com") + not_found_reply +
    ask("GET " + sample_api + "/example.com") +
    "< 200\n< {\"zone\":{\"id\":42,\"name\":\"example.com\",\"mode\":\"primary\"}}\n";

std::string held(const std::string& records) {
  return ask("GET " + sample_rrset) +
         R"(< 200
< {"rrset":{"id":"_acme-challenge/TXT","name":"_acme-challenge","type":"TXT","ttl":null,"labels":{},"records":[)" +
         records + "],\"zone\":42}}\n";
}

std::string action(const std::string& name, const std::string& value) {
  return ask("POST " + sample_rrset + "/actions/" + name) +
         "> Content-Type: application/json\n> \n> {\"records\":[{\"value\":\"\\\"" + value +
         "\\\"\"}]}\n< 201\n< {\"action\":{\"id\":1,\"command\":\"" + name +
         "\",\"status\":\"running\",\"progress\":50,\"error\":null}}\n";
}

const std::string foreign = R"({"value":"\"foreign\"","comment":"not ours"})";
const std::string new_reply = R"({"value":"\"new\"","comment":null})";

}  // namespace

TEST_CASE("hetzner: a value is added next to the foreign one") {
  const std::string addition = found_reply + held(foreign) + action("add_records", "new");
  CHECK(play_hetzner("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("hetzner", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("hetzner: the first values of a name, apex and wildcard") {
  CHECK(play_hetzner("present",
                     found_reply + ask("GET " + sample_rrset) + not_found_reply +
                         action("add_records", "new") + action("add_records", "other"),
                     {sample_record, {sample_record.name, "other", 60}})
            .status == CERTO_OK);
}

TEST_CASE("hetzner: an existing value is not added again") {
  CHECK(play_hetzner("present", found_reply + held(new_reply + "," + foreign)).status == CERTO_OK);
}

TEST_CASE("hetzner: cleanup removes our value and leaves the foreign one") {
  CHECK(
      play_hetzner("cleanup", found_reply + held(new_reply + "," + foreign) + action("remove_records", "new"))
          .status == CERTO_OK);
  CHECK(play_hetzner("cleanup", found_reply + held(foreign)).status == CERTO_OK);
  CHECK(play_hetzner("cleanup", found_reply + ask("GET " + sample_rrset) + not_found_reply).status ==
        CERTO_OK);
}

TEST_CASE("hetzner: a wrong token, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "/_acme-challenge.example.com");
  const Outcome refused = play_hetzner("present", question + R"(< 401
< {"error":{"code":"unauthorized","message":"the provided token is not valid","details":null}}
)");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("the provided token is not valid"));
  CHECK(play_hetzner("present",
                     question + not_found_reply + ask("GET " + sample_api + "/example.com") + not_found_reply)
            .status == CERTO_NO_ZONE);
  CHECK(play_hetzner("present", question + R"(< 429
< {"error":{"code":"rate_limit_exceeded","message":"limit of 3600 requests per hour reached"}}
)")
            .status == CERTO_LATER);
}
