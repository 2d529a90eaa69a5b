// Hetzner, from its documentation: https://docs.hetzner.cloud/reference/cloud#tag/zone-rrset-actions
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values kSettings = {{"HETZNER_API_TOKEN", "secret"}};
const Record kRecord = {"_acme-challenge.example.com", "new", 60};
const std::string kApi = "https://api.hetzner.cloud/v1/zones";
const std::string kRrset = kApi + "/example.com/rrsets/_acme-challenge/TXT";

Outcome play_hetzner(const char* action, const std::string& transcript,
                     const std::vector<Record>& records = {kRecord}) {
  return play("hetzner", action, records, kSettings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: Bearer secret\n"; }

const std::string kNotFound =
    "< 404\n< {\"error\":{\"code\":\"not_found\",\"message\":\"resource not found\",\"details\":null}}\n";

const std::string kFound = ask("GET " + kApi + "/_acme-challenge.example.com") + kNotFound +
                           ask("GET " + kApi + "/example.com") +
                           "< 200\n< {\"zone\":{\"id\":42,\"name\":\"example.com\",\"mode\":\"primary\"}}\n";

std::string held(const std::string& records) {
  return ask("GET " + kRrset) +
         R"(< 200
< {"rrset":{"id":"_acme-challenge/TXT","name":"_acme-challenge","type":"TXT","ttl":null,"labels":{},"records":[)" +
         records + "],\"zone\":42}}\n";
}

std::string action(const std::string& name, const std::string& value) {
  return ask("POST " + kRrset + "/actions/" + name) +
         "> Content-Type: application/json\n> \n> {\"records\":[{\"value\":\"\\\"" + value +
         "\\\"\"}]}\n< 201\n< {\"action\":{\"id\":1,\"command\":\"" + name +
         "\",\"status\":\"running\",\"progress\":50,\"error\":null}}\n";
}

const std::string kForeign = R"({"value":"\"foreign\"","comment":"not ours"})";
const std::string kNew = R"({"value":"\"new\"","comment":null})";

}  // namespace

TEST_CASE("hetzner: a value is added next to the foreign one") {
  const std::string addition = kFound + held(kForeign) + action("add_records", "new");
  CHECK(play_hetzner("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("hetzner", "present", {kRecord}, kSettings, addition) == 0);
}

TEST_CASE("hetzner: the first values of a name, apex and wildcard") {
  CHECK(play_hetzner("present",
                     kFound + ask("GET " + kRrset) + kNotFound + action("add_records", "new") +
                         action("add_records", "other"),
                     {kRecord, {kRecord.name, "other", 60}})
            .status == CERTO_OK);
}

TEST_CASE("hetzner: an existing value is not added again") {
  CHECK(play_hetzner("present", kFound + held(kNew + "," + kForeign)).status == CERTO_OK);
}

TEST_CASE("hetzner: cleanup removes our value and leaves the foreign one") {
  CHECK(play_hetzner("cleanup", kFound + held(kNew + "," + kForeign) + action("remove_records", "new"))
            .status == CERTO_OK);
  CHECK(play_hetzner("cleanup", kFound + held(kForeign)).status == CERTO_OK);
  CHECK(play_hetzner("cleanup", kFound + ask("GET " + kRrset) + kNotFound).status == CERTO_OK);
}

TEST_CASE("hetzner: a wrong token, no such zone, and a rate limit") {
  const std::string question = ask("GET " + kApi + "/_acme-challenge.example.com");
  const Outcome refused = play_hetzner("present", question + R"(< 401
< {"error":{"code":"unauthorized","message":"the provided token is not valid","details":null}}
)");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("the provided token is not valid"));
  CHECK(play_hetzner("present", question + kNotFound + ask("GET " + kApi + "/example.com") + kNotFound)
            .status == CERTO_NO_ZONE);
  CHECK(play_hetzner("present", question + R"(< 429
< {"error":{"code":"rate_limit_exceeded","message":"limit of 3600 requests per hour reached"}}
)")
            .status == CERTO_LATER);
}
