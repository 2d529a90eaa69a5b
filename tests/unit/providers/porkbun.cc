// Porkbun, from its documentation: https://porkbun.com/api/json/v3/documentation
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"PORKBUN_API_KEY", "key"}, {"PORKBUN_SECRET_API_KEY", "secret"}};
const Record sample_record = {"_acme-challenge.www.example.com", "new", 60};
const std::string sample_api = "https://api.porkbun.com/api/json/v3/dns";
const std::string sample_zone = "> ZONE _acme-challenge.www.example.com\n< example.com\n";

Outcome play_porkbun(const char* action, const std::string& transcript,
                     const Record& record = sample_record) {
  return play("porkbun", action, {record}, sample_settings, transcript);
}

std::string post(const std::string& path, const std::string& more = "") {
  return "> POST " + sample_api + path + "\n> Content-Type: application/json\n> \n" +
         R"(> {"apikey":"key","secretapikey":"secret")" + more + "}\n";
}

const std::string list_reply = post("/retrieveByNameType/example.com/TXT/_acme-challenge.www");

std::string record(const std::string& id, const std::string& content) {
  return R"({"id":")" + id + R"(","name":"_acme-challenge.www.example.com","type":"TXT","content":")" +
         content + R"(","ttl":"600","prio":"0","notes":""})";
}

std::string records(const std::string& list) {
  return sample_zone + list_reply + "< 200\n< {\"status\":\"SUCCESS\",\"records\":[" + list + "]}\n";
}

const std::string create =
    post("/create/example.com", R"(,"name":"_acme-challenge.www","type":"TXT","content":"new","ttl":"600")") +
    "< 200\n< {\"status\":\"SUCCESS\",\"id\":\"106926659\"}\n";

std::string error(const std::string& status, const std::string& message) {
  return "< " + status + "\n< {\"status\":\"ERROR\",\"message\":\"" + message + "\"}\n";
}

}  // namespace

TEST_CASE("porkbun: a record is added to an empty name, and next to a foreign one") {
  CHECK(play_porkbun("present", records("") + create).status == CERTO_OK);
  const std::string addition = records(record("106926652", "foreign")) + create;
  CHECK(play_porkbun("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("porkbun", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("porkbun: an existing record is not added again") {
  CHECK(play_porkbun("present", records(record("106926659", "new"))).status == CERTO_OK);
}

TEST_CASE("porkbun: cleanup removes our value and leaves the foreign one") {
  const std::string removal = records(record("106926652", "foreign") + "," + record("106926659", "new")) +
                              post("/delete/example.com/106926659") + "< 200\n< {\"status\":\"SUCCESS\"}\n";
  CHECK(play_porkbun("cleanup", removal).status == CERTO_OK);
  CHECK(unnoticed_changes("porkbun", "cleanup", {sample_record}, sample_settings, removal) == 0);
}

TEST_CASE("porkbun: a record that is gone is gone") {
  CHECK(play_porkbun("cleanup", records(record("106926652", "foreign"))).status == CERTO_OK);
  CHECK(play_porkbun("cleanup", records("")).status == CERTO_OK);
}

TEST_CASE("porkbun: the zone's own records are asked for without a subdomain") {
  CHECK(play_porkbun("cleanup",
                     "> ZONE example.com\n< example.com\n" + post("/retrieveByNameType/example.com/TXT/") +
                         "< 200\n< {\"status\":\"SUCCESS\",\"records\":[]}\n",
                     {"example.com", "new", 60})
            .status == CERTO_OK);
}

TEST_CASE("porkbun: an error in a reply with status 200 is one") {
  const Outcome failed = play_porkbun("present", sample_zone + list_reply + error("200", "Invalid type."));
  CHECK(failed.status == CERTO_FAILED);
  CHECK(failed.why.ends_with("Invalid type."));
}

TEST_CASE("porkbun: a wrong key, which comes with status 400, and no secret in the words") {
  const Outcome refused =
      play_porkbun("present", sample_zone + list_reply + error("400", "Invalid API key. (002)"));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Invalid API key. (002)"));
  CHECK(refused.why.find("secret") == std::string::npos);
}

TEST_CASE("porkbun: a domain of another account, or one without API access, is reported in Porkbun's words") {
  const Outcome foreign = play_porkbun("present", sample_zone + list_reply + error("400", "Invalid domain."));
  CHECK(foreign.status == CERTO_FAILED);
  CHECK(foreign.why.ends_with("Invalid domain."));
  const Outcome closed = play_porkbun(
      "present", sample_zone + list_reply + error("400", "Domain is not opted in to API access."));
  CHECK(closed.why.ends_with("Domain is not opted in to API access."));
}

TEST_CASE("porkbun: a rate limit, and the 503 of too many requests at once") {
  CHECK(play_porkbun("present", sample_zone + list_reply + error("429", "Rate limit exceeded.")).status ==
        CERTO_LATER);
  CHECK(play_porkbun("present", sample_zone + list_reply + "< 503\n< <html>503</html>\n").status ==
        CERTO_UNREACHABLE);
}
