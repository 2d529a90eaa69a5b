// PowerDNS, from its documentation: https://doc.powerdns.com/authoritative/http-api/zone.html
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"PDNS_API_URL", "https://pdns.example/"},
                                          {"PDNS_API_KEY", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_pdns(const char* action, const std::string& transcript,
                  std::vector<Record> records = {sample_record}) {
  return play("pdns", action, std::move(records), sample_settings, transcript);
}

std::string zone_lookup(const std::string& name, const std::string& answer) {
  return "> GET https://pdns.example/api/v1/servers/localhost/zones?zone=" + name +
         ".\n> X-API-Key: secret\n< 200\n< " + answer + "\n";
}

const std::string found_reply =
    zone_lookup("_acme-challenge.example.com", "[]") +
    zone_lookup("example.com", R"([{"id":"example.com.","name":"example.com."}])");

std::string rrsets(const std::string& name, const std::string& list) {
  return "> GET https://pdns.example/api/v1/servers/localhost/zones/example.com.?rrset_name=" + name +
         ".&rrset_type=TXT\n> X-API-Key: secret\n< 200\n< {\"name\":\"example.com.\",\"rrsets\":[" + list +
         "]}\n";
}

std::string patch(const std::string& list, const std::string& answer = "204") {
  return "> PATCH https://pdns.example/api/v1/servers/localhost/zones/example.com.\n> X-API-Key: secret\n"
         "> Content-Type: application/json\n> \n> {\"rrsets\":[" +
         list + "]}\n< " + answer + "\n";
}

const std::string foreign =
    R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":300,"records":[{"content":"\"foreign\"","disabled":true}]})";

const std::string sample_addition =
    found_reply + rrsets("_acme-challenge.example.com", foreign) +
    patch(R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":300,"changetype":"REPLACE","records":)"
          R"([{"content":"\"foreign\"","disabled":true},{"content":"\"new\"","disabled":false}]})");

}  // namespace

TEST_CASE("pdns: a value is added next to existing ones, which do not change") {
  CHECK(play_pdns("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("pdns: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("pdns", "present", {sample_record}, sample_settings, sample_addition) == 0);
}

TEST_CASE("pdns: apex and wildcard are one change, and so is a zone of many names") {
  const std::vector<Record> records = {{"_acme-challenge.example.com", "one", 60},
                                       {"_acme-challenge.example.com", "two", 60},
                                       {"_acme-challenge.www.example.com", "three", 60}};
  const auto transcript =
      found_reply + rrsets("_acme-challenge.example.com", "") +
      zone_lookup("_acme-challenge.www.example.com", "[]") + zone_lookup("www.example.com", "[]") +
      rrsets("_acme-challenge.www.example.com", "") +
      patch(
          R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,"changetype":"REPLACE","records":)"
          R"([{"content":"\"one\"","disabled":false},{"content":"\"two\"","disabled":false}]},)"
          R"({"name":"_acme-challenge.www.example.com.","type":"TXT","ttl":60,"changetype":"REPLACE","records":)"
          R"([{"content":"\"three\"","disabled":false}]})");
  CHECK(play_pdns("present", transcript, records).status == CERTO_OK);
}

TEST_CASE("pdns: cleanup removes our value only, and the RRset with the last one") {
  const auto held = [](const std::string& values) {
    return R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,"records":[)" + values + "]}";
  };
  const std::string ours = R"({"content":"\"new\"","disabled":false})";
  const std::string other = R"({"content":"\"foreign\"","disabled":false})";
  CHECK(play_pdns("cleanup", found_reply + rrsets("_acme-challenge.example.com", held(ours + "," + other)) +
                                 patch(R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,)"
                                       R"("changetype":"REPLACE","records":[)" +
                                       other + "]}"))
            .status == CERTO_OK);
  CHECK(play_pdns("cleanup",
                  found_reply + rrsets("_acme-challenge.example.com", held(ours)) +
                      patch(R"({"name":"_acme-challenge.example.com.","type":"TXT","changetype":"DELETE"})"))
            .status == CERTO_OK);
}

TEST_CASE("pdns: nothing is changed if no change is needed") {
  const std::string there =
      R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,"records":[{"content":"\"new\"","disabled":false}]})";
  CHECK(play_pdns("present", found_reply + rrsets("_acme-challenge.example.com", there)).status == CERTO_OK);
  CHECK(play_pdns("cleanup", found_reply + rrsets("_acme-challenge.example.com", "")).status == CERTO_OK);
}

TEST_CASE("pdns: a refused key, a zone that is not there, and a server in trouble") {
  const std::string question =
      "> GET https://pdns.example/api/v1/servers/localhost/zones?zone=_acme-challenge.example.com.\n"
      "> X-API-Key: secret\n";
  const Outcome refused = play_pdns("present", question + "< 401\n< Unauthorized\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.find("answered 401") != std::string::npos);
  CHECK(refused.why.find("secret") == std::string::npos);

  const Outcome none = play_pdns(
      "present", zone_lookup("_acme-challenge.example.com", "[]") + zone_lookup("example.com", "[]"));
  CHECK(none.status == CERTO_NO_ZONE);
  CHECK(none.why == "there is no zone for _acme-challenge.example.com in this account");

  CHECK(play_pdns("present", question + "< 500\n< {\"error\":\"backend\"}\n").status == CERTO_UNREACHABLE);
  CHECK(play_pdns("present", question + "< 429\n< slow down\n").status == CERTO_LATER);
  CHECK(play_pdns("present", question + "< lost\n").why == "the connection broke");
  CHECK(play_pdns("present", question + "< 200\n< <html>\n").status == CERTO_UNREACHABLE);
  CHECK(play_pdns("present", question + "< 200\n< {\"a\":1}\n").status == CERTO_UNREACHABLE);
}

TEST_CASE("pdns: the server's own words are reported") {
  const Outcome outcome = play_pdns(
      "present",
      found_reply + rrsets("_acme-challenge.example.com", "") +
          patch(R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,"changetype":"REPLACE",)"
                R"("records":[{"content":"\"new\"","disabled":false}]})",
                "422\n< {\"error\":\"RRset is not in the zone\"}"));
  CHECK(outcome.status == CERTO_FAILED);
  CHECK(outcome.why.ends_with("answered 422: RRset is not in the zone"));
}
