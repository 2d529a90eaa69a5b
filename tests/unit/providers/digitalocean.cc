// DigitalOcean, from its documentation:
// https://docs.digitalocean.com/reference/api/digitalocean/#tag/Domain-Records
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"DIGITALOCEAN_TOKEN", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.digitalocean.com/v2/domains";

Outcome play_do(const char* action, const std::string& transcript) {
  return play("digitalocean", action, {sample_record}, sample_settings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: Bearer secret\n"; }

std::string not_found(const std::string& name) {
  return ask("GET " + sample_api + "/" + name) +
         R"(< 404
< {"id":"not_found","message":"The resource you requested could not be found."}
)";
}

const std::string found_reply =
    not_found("_acme-challenge.example.com") + ask("GET " + sample_api + "/example.com") +
    "< 200\n< {\"domain\":{\"name\":\"example.com\",\"ttl\":1800,\"zone_file\":\"$ORIGIN example.com.\"}}\n";

const std::string query = "?type=TXT&name=_acme-challenge.example.com&per_page=200";

std::string records(const std::string& list, const std::string& links = "{}", const std::string& page = "") {
  return ask("GET " + sample_api + "/example.com/records" + query + page) + "< 200\n< {\"domain_records\":[" +
         list + "],\"links\":" + links + ",\"meta\":{\"total\":1}}\n";
}

std::string record(const std::string& id, const std::string& data) {
  return R"({"id":)" + id + R"(,"type":"TXT","name":"_acme-challenge","data":")" + data +
         R"(","priority":null,"port":null,"ttl":60,"weight":null,"flags":null,"tag":null})";
}

}  // namespace

TEST_CASE("digitalocean: a record is added next to a foreign one") {
  const std::string addition = found_reply + records(record("28448429", "foreign")) +
                               ask("POST " + sample_api + "/example.com/records") +
                               "> Content-Type: application/json\n> \n"
                               R"(> {"type":"TXT","name":"_acme-challenge","data":"new","ttl":60})"
                               "\n< 201\n< {\"domain_record\":" +
                               record("28448430", "new") + "}\n";
  CHECK(play_do("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("digitalocean", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("digitalocean: an existing record is not added again") {
  CHECK(play_do("present", found_reply + records(record("28448430", "new"))).status == CERTO_OK);
}

TEST_CASE("digitalocean: cleanup removes our value on the second page and leaves the foreign one") {
  const std::string next = sample_api + "/example.com/records" + query + "&page=2";
  const std::string removal = found_reply +
                              records(record("28448429", "foreign"),
                                      R"({"pages":{"last":")" + next + R"(","next":")" + next + "\"}}") +
                              records(record("28448430", "new"), "{\"pages\":{}}", "&page=2") +
                              ask("DELETE " + sample_api + "/example.com/records/28448430") + "< 204\n";
  CHECK(play_do("cleanup", removal).status == CERTO_OK);
  CHECK(play_do("cleanup", found_reply + records(record("28448429", "foreign"))).status == CERTO_OK);
}

TEST_CASE("digitalocean: a record that disappears meanwhile is a success") {
  CHECK(play_do("cleanup", found_reply + records(record("28448430", "new")) +
                               ask("DELETE " + sample_api + "/example.com/records/28448430") +
                               "< 404\n< {\"id\":\"not_found\"}\n")
            .status == CERTO_OK);
}

TEST_CASE("digitalocean: a wrong token, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "/_acme-challenge.example.com");
  const Outcome refused =
      play_do("present",
              question + "< 401\n< {\"id\":\"unauthorized\",\"message\":\"Unable to authenticate you.\"}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Unable to authenticate you."));
  CHECK(play_do("present", not_found("_acme-challenge.example.com") + not_found("example.com")).status ==
        CERTO_NO_ZONE);
  CHECK(play_do("present", question + "< 429\n< {\"id\":\"too_many_requests\",\"message\":\"API Rate limit "
                                      "exceeded.\"}\n")
            .status == CERTO_LATER);
}
