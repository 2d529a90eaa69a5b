// GoDaddy, from its documentation: https://developer.godaddy.com/doc/endpoint/domains
//
// An account of a few domains may not ask for a domain (GET /v1/domains/{domain} is ACCESS_DENIED), and may
// change its records all the same: https://github.com/acmesh-official/acme.sh/issues/4487
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"GODADDY_API_KEY", "key"}, {"GODADDY_API_SECRET", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.godaddy.com/v1/domains";
const std::string sample_rrset = sample_api + "/example.com/records/TXT/_acme-challenge";

Outcome play_godaddy(const char* action, const std::string& transcript,
                     const std::vector<Record>& records = {sample_record}) {
  return play("godaddy", action, records, sample_settings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: sso-key key:secret\n"; }

const std::string found_reply = "> ZONE _acme-challenge.example.com\n< example.com\n";

std::string value(const std::string& data, const std::string& ttl = "600") {
  return R"({"data":")" + data + R"(","name":"_acme-challenge","ttl":)" + ttl + R"(,"type":"TXT"})";
}

std::string held(const std::string& values) {
  return ask("GET " + sample_rrset) + "< 200\n< [" + values + "]\n";
}

std::string put(const std::string& values) {
  return ask("PUT " + sample_rrset) + "> Content-Type: application/json\n> \n> [" + values + "]\n< 200\n< \n";
}

}  // namespace

TEST_CASE("godaddy: a value is added next to the foreign one, which stays as it is") {
  const std::string addition =
      found_reply + held(value("foreign", "3600")) + put(value("foreign", "3600") + "," + value("new"));
  CHECK(play_godaddy("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("godaddy", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("godaddy: the first values of a name are one change, apex and wildcard") {
  CHECK(play_godaddy("present", found_reply + held("") + put(value("new") + "," + value("other")),
                     {sample_record, {sample_record.name, "other", 60}})
            .status == CERTO_OK);
}

TEST_CASE("godaddy: an existing value is not written again") {
  CHECK(play_godaddy("present", found_reply + held(value("new"))).status == CERTO_OK);
}

TEST_CASE("godaddy: cleanup leaves the foreign value, and takes the RRset with the last one") {
  CHECK(play_godaddy("cleanup", found_reply + held(value("new") + "," + value("foreign", "3600")) +
                                    put(value("foreign", "3600")))
            .status == CERTO_OK);
  CHECK(play_godaddy("cleanup", found_reply + held(value("new")) + ask("DELETE " + sample_rrset) + "< 204\n")
            .status == CERTO_OK);
  CHECK(play_godaddy("cleanup", found_reply + held(value("foreign"))).status == CERTO_OK);
}

TEST_CASE("godaddy: a name at the zone itself is @") {
  const std::string rrset = sample_api + "/example.com/records/TXT/%40";
  CHECK(play_godaddy("present",
                     "> ZONE example.com\n< example.com\n" + ask("GET " + rrset) + "< 200\n< []\n" +
                         ask("PUT " + rrset) +
                         "> Content-Type: application/json\n> \n"
                         R"(> [{"data":"new","name":"@","ttl":600,"type":"TXT"}])"
                         "\n< 200\n< \n",
                     {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("godaddy: a refused key, an account without rights, no such zone, and a rate limit") {
  const std::string question = found_reply + ask("GET " + sample_rrset);
  const Outcome refused = play_godaddy("present", question + R"(< 401
< {"code":"UNABLE_TO_AUTHENTICATE","message":"Unauthorized : Could not authenticate API key/secret"}
)");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Could not authenticate API key/secret"));
  const Outcome denied = play_godaddy("present", question + R"(< 403
< {"code":"ACCESS_DENIED","message":"Authenticated user is not allowed access"}
)");
  CHECK(denied.status == CERTO_CONFIG);
  CHECK(denied.why.ends_with("Authenticated user is not allowed access"));

  const std::string unknown = R"(< 404
< {"code":"UNKNOWN_DOMAIN","message":"The given domain is not registered, or does not have a zone file"}
)";
  const Outcome elsewhere = play_godaddy("present", question + unknown + ask("PUT " + sample_rrset) +
                                                        "> Content-Type: application/json\n> \n> [" +
                                                        value("new") + "]\n" + unknown);
  CHECK(elsewhere.status == CERTO_FAILED);
  CHECK(elsewhere.why.ends_with("does not have a zone file"));
  CHECK(elsewhere.untouched);
  CHECK(play_godaddy("cleanup", question + unknown).status == CERTO_OK);
  CHECK(play_godaddy("present", question + R"(< 429
< {"code":"TOO_MANY_REQUESTS","message":"Too many requests received within interval","retryAfterSec":30}
)")
            .status == CERTO_LATER);
}
