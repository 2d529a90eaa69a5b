// NS1, from its documentation: https://ns1.com/api
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"NS1_API_KEY", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.nsone.net/v1/zones";
const std::string sample_rrset = sample_api + "/example.com/_acme-challenge.example.com/TXT";

Outcome play_ns1(const char* action, const std::string& transcript,
                 const std::vector<Record>& records = {sample_record}) {
  return play("ns1", action, records, sample_settings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> X-NSONE-Key: secret\n"; }

std::string no_zone(const std::string& name) {
  return ask("GET " + sample_api + "/" + name + "?records=false") +
         "< 404\n< {\"message\":\"zone not found\"}\n";
}

const std::string found_reply = no_zone("_acme-challenge.example.com") +
                                ask("GET " + sample_api + "/example.com?records=false") +
                                R"(< 200
< {"id":"52051b2c9f782d58bb4df41b","zone":"example.com","ttl":3600,"nx_ttl":3600,"records":[]}
)";

const std::string foreign = R"({"answer":["foreign"],"id":"5203d0b7","meta":{"up":true}})";
const std::string new_reply = R"({"answer":["new"]})";

std::string rrset(const std::string& answers) {
  return R"({"domain":"_acme-challenge.example.com","zone":"example.com","type":"TXT","ttl":3600,"answers":[)" +
         answers + R"(],"filters":[],"regions":{},"meta":{}})";
}

std::string held(const std::string& answers) {
  return ask("GET " + sample_rrset) + "< 200\n< " + rrset(answers) + "\n";
}

const std::string nothing = ask("GET " + sample_rrset) + "< 404\n< {\"message\":\"record not found\"}\n";

std::string put(const std::string& answers) {
  return ask("PUT " + sample_rrset) + "> Content-Type: application/json\n> \n" +
         R"(> {"zone":"example.com","domain":"_acme-challenge.example.com","type":"TXT","ttl":60,"answers":[)" +
         answers + "]}\n< 200\n< " + rrset(answers) + "\n";
}

std::string post(const std::string& answers) {
  return ask("POST " + sample_rrset) + "> Content-Type: application/json\n> \n> {\"answers\":[" + answers +
         "]}\n< 200\n< " + rrset(answers) + "\n";
}

}  // namespace

TEST_CASE("ns1: the first values of a name are created in one, apex and wildcard") {
  const std::string creation = found_reply + nothing + put(new_reply + R"(,{"answer":["other"]})");
  const std::vector<Record> both = {sample_record, {sample_record.name, "other", 60}};
  CHECK(play_ns1("present", creation, both).status == CERTO_OK);
  CHECK(unnoticed_changes("ns1", "present", both, sample_settings, creation) == 0);
}

TEST_CASE("ns1: a value is added next to the foreign one, whose id and metadata stay") {
  const std::string addition = found_reply + held(foreign) + post(foreign + "," + new_reply);
  CHECK(play_ns1("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("ns1", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("ns1: an existing value is not written again") {
  CHECK(play_ns1("present", found_reply + held(new_reply)).status == CERTO_OK);
}

TEST_CASE("ns1: cleanup leaves the foreign value, and takes the record with its last one") {
  const std::string removal =
      found_reply + held(foreign + R"(,{"answer":["new"],"id":"5203d0b8"})") + post(foreign);
  CHECK(play_ns1("cleanup", removal).status == CERTO_OK);
  CHECK(unnoticed_changes("ns1", "cleanup", {sample_record}, sample_settings, removal) == 0);
  CHECK(play_ns1("cleanup", found_reply + held(new_reply) + ask("DELETE " + sample_rrset) + "< 200\n< {}\n")
            .status == CERTO_OK);
}

TEST_CASE("ns1: a value that is gone, before or meanwhile, is gone") {
  CHECK(play_ns1("cleanup", found_reply + held(foreign)).status == CERTO_OK);
  CHECK(play_ns1("cleanup", found_reply + nothing).status == CERTO_OK);
  CHECK(play_ns1("cleanup", found_reply + held(new_reply) + ask("DELETE " + sample_rrset) +
                                "< 404\n< {\"message\":\"record not found\"}\n")
            .status == CERTO_OK);
}

TEST_CASE("ns1: a wrong key, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "/_acme-challenge.example.com?records=false");
  const Outcome refused = play_ns1("present", question + "< 401\n< {\"message\":\"Unauthorized\"}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Unauthorized"));
  CHECK(refused.why.find("secret") == std::string::npos);
  CHECK(play_ns1("present", no_zone("_acme-challenge.example.com") + no_zone("example.com")).status ==
        CERTO_NO_ZONE);
  CHECK(play_ns1("present", question + "< 429\n< {\"message\":\"rate limit exceeded\"}\n").status ==
        CERTO_LATER);
}
