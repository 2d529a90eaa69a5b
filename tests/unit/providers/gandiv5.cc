// Gandi LiveDNS, from its documentation: https://api.gandi.net/docs/livedns/; requests that get 403:
// https://github.com/caddy-dns/gandi/issues/5
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"GANDIV5_PERSONAL_ACCESS_TOKEN", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.gandi.net/v5/livedns";
const std::string sample_rrset = sample_api + "/domains/example.com/records/_acme-challenge/TXT";

Outcome play_gandi(const char* action, const std::string& transcript,
                   const std::vector<Record>& records = {sample_record}) {
  return play("gandiv5", action, records, sample_settings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: Bearer secret\n"; }

std::string not_found(const std::string& url) {
  return ask("GET " + url) +
         R"(< 404
< {"cause":"Not Found","code":404,"message":"The resource could not be found.","object":"HTTPNotFound"}
)";
}

const std::string found_reply = not_found(sample_api + "/domains/_acme-challenge.example.com") +
                                ask("GET " + sample_api + "/domains/example.com") +
                                "< 200\n< {\"fqdn\":\"example.com\",\"automatic_snapshots\":true}\n";

std::string held(const std::string& values) {
  return ask("GET " + sample_rrset) +
         R"(< 200
< {"rrset_name":"_acme-challenge","rrset_type":"TXT","rrset_ttl":1800,"rrset_values":[)" +
         values + "]}\n";
}

std::string put(const std::string& ttl, const std::string& values) {
  return ask("PUT " + sample_rrset) + "> Content-Type: application/json\n> \n> {\"rrset_ttl\":" + ttl +
         ",\"rrset_values\":[" + values + "]}\n< 201\n< {\"message\":\"DNS Record Created\"}\n";
}

const std::string foreign = R"("\"foreign\"")", new_reply = R"("\"new\"")";

}  // namespace

TEST_CASE("gandiv5: a value is added next to the foreign one, whose TTL stays") {
  const std::string addition = found_reply + held(foreign) + put("1800", foreign + "," + new_reply);
  CHECK(play_gandi("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("gandiv5", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("gandiv5: apex and wildcard are one change") {
  CHECK(play_gandi("present", found_reply + not_found(sample_rrset) + put("300", R"("\"new\"","\"other\"")"),
                   {sample_record, {sample_record.name, "other", 60}})
            .status == CERTO_OK);
}

TEST_CASE("gandiv5: an existing value is not written again") {
  CHECK(play_gandi("present", found_reply + held(new_reply + "," + foreign)).status == CERTO_OK);
}

TEST_CASE("gandiv5: cleanup leaves the foreign value, and takes the RRset with the last one") {
  CHECK(play_gandi("cleanup", found_reply + held(new_reply + "," + foreign) + put("1800", foreign)).status ==
        CERTO_OK);
  CHECK(play_gandi("cleanup", found_reply + held(new_reply) + ask("DELETE " + sample_rrset) + "< 204\n")
            .status == CERTO_OK);
  CHECK(play_gandi("cleanup", found_reply + not_found(sample_rrset)).status == CERTO_OK);
  CHECK(play_gandi("cleanup", found_reply + held(foreign)).status == CERTO_OK);
}

TEST_CASE("gandiv5: an API key of the older kind") {
  CHECK(play("gandiv5", "cleanup", {sample_record}, {{"GANDIV5_API_KEY", "old"}},
             "> GET " + sample_api +
                 "/domains/_acme-challenge.example.com\n> Authorization: Apikey old\n< 200\n"
                 "< {\"fqdn\":\"_acme-challenge.example.com\"}\n> GET " +
                 sample_api +
                 "/domains/_acme-challenge.example.com/records/%40/TXT\n> Authorization: Apikey old\n< 404\n")
            .status == CERTO_OK);
}

TEST_CASE("gandiv5: a wrong token, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "/domains/_acme-challenge.example.com");
  const Outcome refused = play_gandi("present", question + R"(< 401
< {"object":"HTTPUnauthorized","cause":"Unauthorized","code":401,"message":"The server could not verify you."}
)");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("The server could not verify you."));
  CHECK(play_gandi("present", not_found(sample_api + "/domains/_acme-challenge.example.com") +
                                  not_found(sample_api + "/domains/example.com"))
            .status == CERTO_NO_ZONE);
  CHECK(play_gandi("present", question + "< 429\n< \n").status == CERTO_LATER);
}

TEST_CASE("gandiv5: a name that the token may not see is not one of its zones") {
  const std::string denied = R"(< 403
< {"object":"HTTPForbidden","cause":"Forbidden","code":403,"message":"Access was denied to this resource."}
)";
  CHECK(play_gandi("present", ask("GET " + sample_api + "/domains/_acme-challenge.example.com") + denied +
                                  ask("GET " + sample_api + "/domains/example.com") +
                                  "< 200\n< {\"fqdn\":\"example.com\"}\n" + held(new_reply))
            .status == CERTO_OK);
  CHECK(play_gandi("present", ask("GET " + sample_api + "/domains/_acme-challenge.example.com") + denied +
                                  not_found(sample_api + "/domains/example.com"))
            .why.find("Access was denied") != std::string::npos);
}

TEST_CASE("gandiv5: a token without a right to the domain is reported") {
  const std::string denied = R"(< 403
< {"object":"HTTPForbidden","cause":"Forbidden","code":403,"message":"Access was denied to this resource."}
)";
  const Outcome none = play_gandi("present", not_found(sample_api + "/domains/_acme-challenge.example.com") +
                                                 ask("GET " + sample_api + "/domains/example.com") + denied);
  CHECK(none.status == CERTO_CONFIG);
  CHECK(none.why ==
        "the credentials show no zone for _acme-challenge.example.com: "
        "GET https://api.gandi.net/v5/livedns/domains/example.com answered 403: "
        "Access was denied to this resource.");
}
