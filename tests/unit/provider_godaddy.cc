// GoDaddy, from its documentation: https://developer.godaddy.com/doc/endpoint/domains
#include "support.h"
#include "transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values kSettings = {{"GODADDY_API_KEY", "key"}, {"GODADDY_API_SECRET", "secret"}};
const Record kRecord = {"_acme-challenge.example.com", "new", 60};
const std::string kApi = "https://api.godaddy.com/v1/domains";
const std::string kRrset = kApi + "/example.com/records/TXT/_acme-challenge";

Outcome play_godaddy(const char* action, const std::string& transcript,
                     const std::vector<Record>& records = {kRecord}) {
  return play("godaddy", action, records, kSettings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: sso-key key:secret\n"; }

std::string not_found(const std::string& name) {
  return ask("GET " + kApi + "/" + name) +
         "< 404\n< {\"code\":\"NOT_FOUND\",\"message\":\"Domain not found for shopper\"}\n";
}

const std::string kFound = not_found("_acme-challenge.example.com") + ask("GET " + kApi + "/example.com") +
                           "< 200\n< {\"domain\":\"example.com\",\"domainId\":1,\"status\":\"ACTIVE\"}\n";

std::string value(const std::string& data, const std::string& ttl = "600") {
  return R"({"data":")" + data + R"(","name":"_acme-challenge","ttl":)" + ttl + R"(,"type":"TXT"})";
}

std::string held(const std::string& values) { return ask("GET " + kRrset) + "< 200\n< [" + values + "]\n"; }

std::string put(const std::string& values) {
  return ask("PUT " + kRrset) + "> Content-Type: application/json\n> \n> [" + values + "]\n< 200\n< \n";
}

}  // namespace

TEST_CASE("godaddy: a value is added beside the foreign one, which stays as it is") {
  const std::string addition =
      kFound + held(value("foreign", "3600")) + put(value("foreign", "3600") + "," + value("new"));
  CHECK(play_godaddy("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("godaddy", "present", {kRecord}, kSettings, addition) == 0);
}

TEST_CASE("godaddy: the first values of a name are one change, apex and wildcard") {
  CHECK(play_godaddy("present", kFound + held("") + put(value("new") + "," + value("other")),
                     {kRecord, {kRecord.name, "other", 60}})
            .status == CERTO_OK);
}

TEST_CASE("godaddy: a value that is there is not written again") {
  CHECK(play_godaddy("present", kFound + held(value("new"))).status == CERTO_OK);
}

TEST_CASE("godaddy: cleanup leaves the foreign value, and takes the RRset with the last one") {
  CHECK(play_godaddy("cleanup", kFound + held(value("new") + "," + value("foreign", "3600")) +
                                    put(value("foreign", "3600")))
            .status == CERTO_OK);
  CHECK(play_godaddy("cleanup", kFound + held(value("new")) + ask("DELETE " + kRrset) + "< 204\n").status ==
        CERTO_OK);
  CHECK(play_godaddy("cleanup", kFound + held(value("foreign"))).status == CERTO_OK);
}

TEST_CASE("godaddy: a refused key, no such zone, and a rate limit") {
  const std::string question = ask("GET " + kApi + "/_acme-challenge.example.com");
  const Outcome refused = play_godaddy("present", question + R"(< 401
< {"code":"UNABLE_TO_AUTHENTICATE","message":"Unauthorized : Could not authenticate API key/secret"}
)");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Could not authenticate API key/secret"));
  CHECK(play_godaddy("present", not_found("_acme-challenge.example.com") + not_found("example.com")).status ==
        CERTO_NO_ZONE);
  CHECK(play_godaddy("present", question + R"(< 429
< {"code":"TOO_MANY_REQUESTS","message":"Too many requests received within interval","retryAfterSec":30}
)")
            .status == CERTO_LATER);
}
