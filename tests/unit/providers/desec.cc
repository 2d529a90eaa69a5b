// deSEC, from its documentation: https://desec.readthedocs.io/en/latest/dns/rrsets.html (the three dots
// behind a subname are of "Accessing the Zone Apex"), .../dns/domains.html and .../rate-limits.html
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"DESEC_TOKEN", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://desec.io/api/v1/domains/";
const std::string sample_rrset = sample_api + "example.com/rrsets/_acme-challenge.../TXT/";

Outcome play_desec(const char* action, const std::string& transcript,
                   const std::vector<Record>& records = {sample_record}) {
  return play("desec", action, records, sample_settings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: Token secret\n"; }

const std::string question = ask("GET " + sample_api + "?owns_qname=_acme-challenge.example.com");
const std::string found_reply = question + R"(< 200
< [{"created":"2018-09-18T16:36:16.510368Z","name":"example.com","minimum_ttl":3600}]
)";

std::string rrset(const std::string& values) {
  return R"({"domain":"example.com","subname":"_acme-challenge","name":"_acme-challenge.example.com.","type":"TXT",)"
         R"("records":[)" +
         values + R"(],"ttl":7200})";
}

std::string held(const std::string& values) {
  return ask("GET " + sample_rrset) + "< 200\n< " + rrset(values) + "\n";
}

const std::string no_settings = ask("GET " + sample_rrset) + "< 404\n< {\"detail\":\"Not found.\"}\n";

std::string patch(const std::string& values) {
  return ask("PATCH " + sample_rrset) + "> Content-Type: application/json\n> \n> {\"records\":[" + values +
         "]}\n< 200\n< " + rrset(values) + "\n";
}

const std::string foreign = R"("\"foreign\"")", new_reply = R"("\"new\"")";

}  // namespace

TEST_CASE("desec: a value is added next to the foreign one") {
  const std::string addition = found_reply + held(foreign) + patch(foreign + "," + new_reply);
  CHECK(play_desec("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("desec", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("desec: the first values of a name are one new RRset, apex and wildcard") {
  const std::string creation =
      found_reply + no_settings + ask("POST " + sample_api + "example.com/rrsets/") +
      "> Content-Type: application/json\n> \n"
      R"(> {"subname":"_acme-challenge","type":"TXT","ttl":3600,"records":["\"new\"","\"other\""]})"
      "\n< 201\n< " +
      rrset(R"("\"new\"","\"other\"")") + "\n";
  CHECK(play_desec("present", creation, {sample_record, {sample_record.name, "other", 60}}).status ==
        CERTO_OK);
}

TEST_CASE("desec: the zone itself is an empty subname, because '@' is invalid when an RRset is created") {
  const std::string creation =
      ask("GET " + sample_api + "?owns_qname=example.com") + "< 200\n< [{\"name\":\"example.com\"}]\n" +
      ask("GET " + sample_api + "example.com/rrsets/.../TXT/") + "< 404\n< {\"detail\":\"Not found.\"}\n" +
      ask("POST " + sample_api + "example.com/rrsets/") +
      "> Content-Type: application/json\n> \n"
      R"(> {"subname":"","type":"TXT","ttl":3600,"records":["\"new\""]})"
      "\n< 201\n< {}\n";
  CHECK(play_desec("present", creation, {{"example.com", "new", 60}}).status == CERTO_OK);
}

TEST_CASE("desec: an existing value is not written again") {
  CHECK(play_desec("present", found_reply + held(new_reply)).status == CERTO_OK);
}

TEST_CASE("desec: cleanup leaves the foreign value, and takes the RRset with the last one") {
  CHECK(play_desec("cleanup", found_reply + held(foreign + "," + new_reply) + patch(foreign)).status ==
        CERTO_OK);
  CHECK(play_desec("cleanup", found_reply + held(new_reply) + ask("DELETE " + sample_rrset) + "< 204\n")
            .status == CERTO_OK);
  CHECK(play_desec("cleanup", found_reply + held(foreign)).status == CERTO_OK);
  CHECK(play_desec("cleanup", found_reply + no_settings).status == CERTO_OK);
}

TEST_CASE("desec: a wrong token, no such zone, and a rate limit") {
  const Outcome refused = play_desec("present", question + "< 401\n< {\"detail\":\"Invalid token.\"}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Invalid token."));
  CHECK(play_desec("present", question + "< 200\n< []\n").status == CERTO_NO_ZONE);
  const Outcome later = play_desec(
      "present",
      question + "< 429\n< {\"detail\":\"Request was throttled. Expected available in 58 seconds.\"}\n");
  CHECK(later.status == CERTO_LATER);
  CHECK(later.why.ends_with("Expected available in 58 seconds."));
}

TEST_CASE("desec: a request that is refused for one of its fields") {
  const Outcome refused =
      play_desec("present", found_reply + no_settings + ask("POST " + sample_api + "example.com/rrsets/") +
                                "> Content-Type: application/json\n> \n"
                                R"(> {"subname":"_acme-challenge","type":"TXT","ttl":3600,)"
                                R"("records":["\"new\""]})"
                                "\n< 400\n"
                                R"(< {"ttl":["Ensure this value is greater than or equal to 7200."]})"
                                "\n");
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why.ends_with(
      R"(answered 400: {"ttl":["Ensure this value is greater than or equal to 7200."]})"));
}

TEST_CASE("desec: a write above the limit is sent again when the service says") {
  const std::string write = ask("PATCH " + sample_rrset) +
                            "> Content-Type: application/json\n> \n> {\"records\":[" + foreign + "," +
                            new_reply + "]}\n";
  const std::string body = "{\"detail\":\"Request was throttled. Expected available in 1 second.\"}\n";
  CHECK(play_desec("present", found_reply + held(foreign) + write +
                                  "< 429 +headers\n< retry-after: 1\n< \n< " + body + "> WAIT 1\n< over\n" +
                                  patch(foreign + "," + new_reply))
            .status == CERTO_OK);

  const Outcome tomorrow = play_desec(
      "present", found_reply + held(foreign) + write + "< 429 +headers\n< retry-after: 3100\n< \n< " + body);
  CHECK(tomorrow.status == CERTO_LATER);
  CHECK(tomorrow.untouched);
}

TEST_CASE("desec: a limit without a time is waited out, longer each time") {
  const std::string limit = question + "< 429\n< {}\n";
  CHECK(play_desec("present", limit + "> WAIT 1\n< over\n" + limit + "> WAIT 2\n< over\n" + found_reply +
                                  held(foreign) + patch(foreign + "," + new_reply))
            .status == CERTO_OK);
  const std::string other_header = question + "< 429 +headers\n< x-ratelimit-reset: 3\n< \n< {}\n";
  CHECK(play_desec("present", other_header + "> WAIT 3\n< over\n" + found_reply + held(foreign) +
                                  patch(foreign + "," + new_reply))
            .status == CERTO_OK);
}
