// deSEC, from its documentation: https://desec.readthedocs.io/en/latest/dns/rrsets.html (the three dots
// behind a subname are of "Accessing the Zone Apex"), .../dns/domains.html and .../rate-limits.html
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values kSettings = {{"DESEC_TOKEN", "secret"}};
const Record kRecord = {"_acme-challenge.example.com", "new", 60};
const std::string kApi = "https://desec.io/api/v1/domains/";
const std::string kRrset = kApi + "example.com/rrsets/_acme-challenge.../TXT/";

Outcome play_desec(const char* action, const std::string& transcript,
                   const std::vector<Record>& records = {kRecord}) {
  return play("desec", action, records, kSettings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: Token secret\n"; }

const std::string kQuestion = ask("GET " + kApi + "?owns_qname=_acme-challenge.example.com");
const std::string kFound = kQuestion + R"(< 200
< [{"created":"2018-09-18T16:36:16.510368Z","name":"example.com","minimum_ttl":3600}]
)";

std::string rrset(const std::string& values) {
  return R"({"domain":"example.com","subname":"_acme-challenge","name":"_acme-challenge.example.com.","type":"TXT",)"
         R"("records":[)" +
         values + R"(],"ttl":7200})";
}

std::string held(const std::string& values) {
  return ask("GET " + kRrset) + "< 200\n< " + rrset(values) + "\n";
}

const std::string kNone = ask("GET " + kRrset) + "< 404\n< {\"detail\":\"Not found.\"}\n";

std::string patch(const std::string& values) {
  return ask("PATCH " + kRrset) + "> Content-Type: application/json\n> \n> {\"records\":[" + values +
         "]}\n< 200\n< " + rrset(values) + "\n";
}

const std::string kForeign = R"("\"foreign\"")", kNew = R"("\"new\"")";

}  // namespace

TEST_CASE("desec: a value is added next to the foreign one") {
  const std::string addition = kFound + held(kForeign) + patch(kForeign + "," + kNew);
  CHECK(play_desec("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("desec", "present", {kRecord}, kSettings, addition) == 0);
}

TEST_CASE("desec: the first values of a name are one new RRset, apex and wildcard") {
  const std::string creation =
      kFound + kNone + ask("POST " + kApi + "example.com/rrsets/") +
      "> Content-Type: application/json\n> \n"
      R"(> {"subname":"_acme-challenge","type":"TXT","ttl":3600,"records":["\"new\"","\"other\""]})"
      "\n< 201\n< " +
      rrset(R"("\"new\"","\"other\"")") + "\n";
  CHECK(play_desec("present", creation, {kRecord, {kRecord.name, "other", 60}}).status == CERTO_OK);
}

TEST_CASE("desec: the zone itself is an empty subname, because '@' is invalid when an RRset is created") {
  const std::string creation =
      ask("GET " + kApi + "?owns_qname=example.com") + "< 200\n< [{\"name\":\"example.com\"}]\n" +
      ask("GET " + kApi + "example.com/rrsets/.../TXT/") + "< 404\n< {\"detail\":\"Not found.\"}\n" +
      ask("POST " + kApi + "example.com/rrsets/") +
      "> Content-Type: application/json\n> \n"
      R"(> {"subname":"","type":"TXT","ttl":3600,"records":["\"new\""]})"
      "\n< 201\n< {}\n";
  CHECK(play_desec("present", creation, {{"example.com", "new", 60}}).status == CERTO_OK);
}

TEST_CASE("desec: an existing value is not written again") {
  CHECK(play_desec("present", kFound + held(kNew)).status == CERTO_OK);
}

TEST_CASE("desec: cleanup leaves the foreign value, and takes the RRset with the last one") {
  CHECK(play_desec("cleanup", kFound + held(kForeign + "," + kNew) + patch(kForeign)).status == CERTO_OK);
  CHECK(play_desec("cleanup", kFound + held(kNew) + ask("DELETE " + kRrset) + "< 204\n").status == CERTO_OK);
  CHECK(play_desec("cleanup", kFound + held(kForeign)).status == CERTO_OK);
  CHECK(play_desec("cleanup", kFound + kNone).status == CERTO_OK);
}

TEST_CASE("desec: a wrong token, no such zone, and a rate limit") {
  const Outcome refused = play_desec("present", kQuestion + "< 401\n< {\"detail\":\"Invalid token.\"}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Invalid token."));
  CHECK(play_desec("present", kQuestion + "< 200\n< []\n").status == CERTO_NO_ZONE);
  const Outcome later = play_desec(
      "present",
      kQuestion + "< 429\n< {\"detail\":\"Request was throttled. Expected available in 58 seconds.\"}\n");
  CHECK(later.status == CERTO_LATER);
  CHECK(later.why.ends_with("Expected available in 58 seconds."));
}

TEST_CASE("desec: a request that is refused for one of its fields") {
  const Outcome refused =
      play_desec("present", kFound + kNone + ask("POST " + kApi + "example.com/rrsets/") +
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
  const std::string write = ask("PATCH " + kRrset) +
                            "> Content-Type: application/json\n> \n> {\"records\":[" + kForeign + "," + kNew +
                            "]}\n";
  const std::string body = "{\"detail\":\"Request was throttled. Expected available in 1 second.\"}\n";
  CHECK(play_desec("present", kFound + held(kForeign) + write + "< 429 +headers\n< retry-after: 1\n< \n< " +
                                  body + "> WAIT 1\n< over\n" + patch(kForeign + "," + kNew))
            .status == CERTO_OK);

  const Outcome tomorrow = play_desec(
      "present", kFound + held(kForeign) + write + "< 429 +headers\n< retry-after: 3100\n< \n< " + body);
  CHECK(tomorrow.status == CERTO_LATER);
  CHECK(tomorrow.untouched);
}
