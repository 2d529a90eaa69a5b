// DNSimple, from its documentation: https://developer.dnsimple.com/v2/zones/records/ and .../v2/identity/
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"DNSIMPLE_OAUTH_TOKEN", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.dnsimple.com/v2";
const std::string sample_zone = sample_api + "/1010/zones/example.com";

Outcome play_dnsimple(const char* action, const std::string& transcript) {
  return play("dnsimple", action, {sample_record}, sample_settings, transcript);
}

std::string ask(const std::string& line) {
  return "> " + line + "\n> Authorization: Bearer secret\n> Accept: application/json\n";
}

const std::string sample_account = ask("GET " + sample_api + "/whoami") +
                                   R"(< 200
< {"data":{"user":null,"account":{"id":1010,"email":"me@example.com","plan_identifier":"dnsimple-professional"}}}
)";

std::string no_zone(const std::string& name) {
  return ask("GET " + sample_api + "/1010/zones/" + name) + "< 404\n< {\"message\":\"Zone `" + name +
         "` not found\"}\n";
}

const std::string found_reply =
    sample_account + no_zone("_acme-challenge.example.com") + ask("GET " + sample_zone) +
    "< 200\n< {\"data\":{\"id\":1,\"account_id\":1010,\"name\":\"example.com\"}}\n";

std::string record(const std::string& id, const std::string& content) {
  return R"({"id":)" + id +
         R"(,"zone_id":"example.com","parent_id":null,"name":"_acme-challenge","content":")" + content +
         R"(","ttl":60,"priority":null,"type":"TXT","regions":["global"],"system_record":false})";
}

std::string records(const std::string& list, const std::string& page = "1", const std::string& pages = "1") {
  return ask("GET " + sample_zone + "/records?name=_acme-challenge&type=TXT&per_page=100&page=" + page) +
         "< 200\n< {\"data\":[" + list + "],\"pagination\":{\"current_page\":" + page +
         ",\"per_page\":100,\"total_entries\":2,\"total_pages\":" + pages + "}}\n";
}

}  // namespace

TEST_CASE("dnsimple: a record is added next to a foreign one, in the account of the token") {
  const std::string addition = found_reply + records(record("5", "foreign")) +
                               ask("POST " + sample_zone + "/records") +
                               "> Content-Type: application/json\n> \n"
                               R"(> {"name":"_acme-challenge","type":"TXT","content":"new","ttl":60})"
                               "\n< 201\n< {\"data\":" +
                               record("6", "new") + "}\n";
  CHECK(play_dnsimple("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("dnsimple", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("dnsimple: an existing record is not added again, with quotes or without") {
  CHECK(play_dnsimple("present", found_reply + records(record("6", "new"))).status == CERTO_OK);
  CHECK(play_dnsimple("present", found_reply + records(record("6", R"(\"new\")"))).status == CERTO_OK);
}

TEST_CASE("dnsimple: cleanup removes our value on the second page and leaves the foreign one") {
  CHECK(play_dnsimple("cleanup", found_reply + records(record("5", "foreign"), "1", "2") +
                                     records(record("6", "new"), "2", "2") +
                                     ask("DELETE " + sample_zone + "/records/6") + "< 204\n")
            .status == CERTO_OK);
  CHECK(play_dnsimple("cleanup", found_reply + records(record("5", "foreign"))).status == CERTO_OK);
  CHECK(play_dnsimple("cleanup", found_reply + records("", "1", "0")).status == CERTO_OK);
}

TEST_CASE("dnsimple: a user's token has no account, and that is reported") {
  const Outcome outcome =
      play_dnsimple("present", ask("GET " + sample_api + "/whoami") +
                                   "< 200\n< {\"data\":{\"user\":{\"id\":1},\"account\":null}}\n");
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.why.ends_with("answered without account for these credentials"));
}

TEST_CASE("dnsimple: a wrong token, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "/whoami");
  const Outcome refused =
      play_dnsimple("present", question + "< 401\n< {\"message\":\"Authentication failed\"}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Authentication failed"));
  CHECK(play_dnsimple("present",
                      sample_account + no_zone("_acme-challenge.example.com") + no_zone("example.com"))
            .status == CERTO_NO_ZONE);
  CHECK(play_dnsimple("present", question + "< 429\n< {\"message\":\"API rate limit exceeded\"}\n").status ==
        CERTO_LATER);
}
