// Cloudflare, from its documentation: https://developers.cloudflare.com/api/resources/zones/methods/list/ and
// https://developers.cloudflare.com/api/resources/dns/subresources/records/methods/create/, …/list/,
// …/delete/; replies to a token of one zone about others: https://github.com/certbot/certbot/pull/8015
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const Record sample_record = {"_acme-challenge.www.example.com", "value", 30};
const provider::Values sample_token = {{"CLOUDFLARE_API_TOKEN", "secret"}};

Outcome play_cloudflare(const char* action, const std::string& transcript,
                        provider::Values settings = sample_token) {
  return play("cloudflare", action, {sample_record}, std::move(settings), transcript);
}

std::string ask(const std::string& request, const std::string& status, const std::string& answer) {
  return "> " + request + "\n> Authorization: Bearer secret\n< " + status + "\n< " + answer + "\n";
}

const std::string zones_url = "GET https://api.cloudflare.com/client/v4/zones?name=";
const std::string sample_records = "https://api.cloudflare.com/client/v4/zones/z1/dns_records";
const std::string no_settings = R"({"success":true,"errors":[],"result":[]})";

const std::string found_reply =
    ask(zones_url + "_acme-challenge.www.example.com", "200", no_settings) +
    ask(zones_url + "www.example.com", "200", no_settings) +
    ask(zones_url + "example.com", "200",
        R"({"success":true,"errors":[],"result":[{"id":"z1","name":"example.com"}]})");

std::string creation(const std::string& status, const std::string& answer) {
  return "> POST " + sample_records +
         "\n> Authorization: Bearer secret\n> Content-Type: application/json\n> \n"
         R"(> {"type":"TXT","name":"_acme-challenge.www.example.com","content":"\"value\"","ttl":60})"
         "\n< " +
         status + "\n< " + answer + "\n";
}

std::string error(int code, const std::string& message) {
  return R"({"success":false,"errors":[{"code":)" + std::to_string(code) + R"(,"message":")" + message +
         R"("}],"result":null})";
}

std::string page(int number, const std::string& records) {
  return ask("GET " + sample_records +
                 "?type=TXT&name=_acme-challenge.www.example.com&per_page=100&page=" + std::to_string(number),
             "200",
             R"({"success":true,"errors":[],"result":[)" + records + R"(],"result_info":{"page":)" +
                 std::to_string(number) + R"(,"total_pages":2}})");
}

std::string held(const std::string& id, const std::string& content) {
  return R"({"id":")" + id + R"(","name":"_acme-challenge.www.example.com","type":"TXT","content":")" +
         content + R"("})";
}

}  // namespace

TEST_CASE("cloudflare: the zone is found by walking up, and the TTL is the least that it takes") {
  CHECK(play_cloudflare("present",
                        found_reply + creation("200", R"({"success":true,"errors":[],"result":{"id":"r1"}})"))
            .status == CERTO_OK);
}

TEST_CASE("cloudflare: the zone that DNS tells is confirmed by one request") {
  const std::string created = creation("200", R"({"success":true,"errors":[],"result":{"id":"r1"}})");
  const std::string told = "> ZONE _acme-challenge.www.example.com\n< example.com\n";
  const std::string confirmed =
      ask(zones_url + "example.com", "200",
          R"({"success":true,"errors":[],"result":[{"id":"old","name":"example.com","status":"moved"},)"
          R"({"id":"z1","name":"example.com","status":"active"}]})");
  CHECK(play_cloudflare("present", told + confirmed + created).status == CERTO_OK);

  // A private zone of the account, which DNS does not show.
  const std::string other = "> ZONE _acme-challenge.www.example.com\n< www.example.com\n";
  CHECK(
      play_cloudflare("present",
                      other + ask(zones_url + "www.example.com", "200", no_settings) +
                          ask(zones_url + "_acme-challenge.www.example.com", "200", no_settings) +
                          ask(zones_url + "example.com", "200",
                              R"({"success":true,"errors":[],"result":[{"id":"z1","name":"example.com"}]})") +
                          created)
          .status == CERTO_OK);
}

TEST_CASE("cloudflare: a second token looks zones up") {
  std::string zone = ask(zones_url + "example.com", "200",
                         R"({"success":true,"errors":[],"result":[{"id":"z1","name":"example.com"}]})");
  zone.replace(zone.find("secret"), 6, "reader");
  CHECK(play_cloudflare("present",
                        "> ZONE _acme-challenge.www.example.com\n< example.com\n" + zone +
                            creation("200", R"({"success":true,"errors":[],"result":{"id":"r1"}})"),
                        {{"CLOUDFLARE_API_TOKEN", "secret"}, {"CLOUDFLARE_ZONE_API_TOKEN", "reader"}})
            .status == CERTO_OK);
}

TEST_CASE("cloudflare: the documented reply to a removal has no `success`") {
  const std::string one_page =
      ask("GET " + sample_records + "?type=TXT&name=_acme-challenge.www.example.com&per_page=100&page=1",
          "200", R"({"success":true,"errors":[],"result":[)" + held("r1", "value") + R"(]})");
  CHECK(play_cloudflare("cleanup",
                        found_reply + one_page +
                            ask("DELETE " + sample_records + "/r1", "200", R"({"result":{"id":"r1"}})"))
            .status == CERTO_OK);
}

TEST_CASE("cloudflare: an existing record is a success") {
  CHECK(play_cloudflare("present",
                        found_reply + creation("400", error(81058, "An identical record already exists.")))
            .status == CERTO_OK);
}

TEST_CASE("cloudflare: cleanup removes our value on every page, and leaves others") {
  const std::string ok = R"({"success":true,"errors":[],"result":{"id":"r3"}})";
  CHECK(play_cloudflare(
            "cleanup",
            found_reply + page(1, held("r1", "foreign") + "," + held("r2", "value")) +
                page(2, held("r3", R"(\"value\")")) + ask("DELETE " + sample_records + "/r2", "200", ok) +
                ask("DELETE " + sample_records + "/r3", "404", error(81044, "Record does not exist.")))
            .status == CERTO_OK);
  CHECK(play_cloudflare("cleanup", found_reply + page(1, held("r1", "foreign")) + page(2, "")).status ==
        CERTO_OK);
}

TEST_CASE("cloudflare: a global key, and a given zone") {
  const std::string transcript =
      "> POST " + sample_records +
      "\n> X-Auth-Email: me@example.com\n> X-Auth-Key: k\n> Content-Type: application/json\n> \n"
      R"(> {"type":"TXT","name":"_acme-challenge.www.example.com","content":"\"value\"","ttl":60})"
      "\n< 200\n< {\"success\":true,\"errors\":[],\"result\":{}}\n";
  CHECK(
      play_cloudflare(
          "present", transcript,
          {{"CLOUDFLARE_EMAIL", "me@example.com"}, {"CLOUDFLARE_API_KEY", "k"}, {"CLOUDFLARE_ZONE_ID", "z1"}})
          .status == CERTO_OK);
}

TEST_CASE("cloudflare: refusals, in its words") {
  const auto first = [](const std::string& status, const std::string& answer) {
    return play_cloudflare("present", ask(zones_url + "_acme-challenge.www.example.com", status, answer));
  };
  const Outcome wrong = first("403", error(9109, "Invalid access token"));
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why == "the credentials are refused: Invalid access token");
  CHECK(first("400", error(6003, "Invalid request headers")).status == CERTO_CONFIG);
  CHECK(first("429", error(971, "Please wait")).status == CERTO_LATER);
  CHECK(first("502", "<html>").status == CERTO_UNREACHABLE);
  CHECK(first("400", error(1, "no")).why.ends_with("answered 400: no"));
  CHECK(first("200", error(1, "no")).status == CERTO_FAILED);

  const Outcome none =
      play_cloudflare("present", ask(zones_url + "_acme-challenge.www.example.com", "200", no_settings) +
                                     ask(zones_url + "www.example.com", "200", no_settings) +
                                     ask(zones_url + "example.com", "200", no_settings));
  CHECK(none.status == CERTO_NO_ZONE);
}

TEST_CASE("cloudflare: a token of one zone may not see names that are not zones") {
  const std::string may_not = error(0,
                                    "Actor 'com.cloudflare.api.token.x1' requires permission "
                                    "'com.cloudflare.api.account.zone.list' to list "
                                    "zones");
  const std::string above = ask(zones_url + "_acme-challenge.www.example.com", "403", may_not) +
                            ask(zones_url + "www.example.com", "403", may_not);
  CHECK(
      play_cloudflare("present",
                      above +
                          ask(zones_url + "example.com", "200",
                              R"({"success":true,"errors":[],"result":[{"id":"z1","name":"example.com"}]})") +
                          creation("200", R"({"success":true,"errors":[],"result":{"id":"r1"}})"))
          .status == CERTO_OK);

  const Outcome none = play_cloudflare("present", above + ask(zones_url + "example.com", "403", may_not));
  CHECK(none.status == CERTO_CONFIG);
  CHECK(none.why.starts_with("the credentials show no zone for _acme-challenge.www.example.com: Actor"));
  CHECK(none.untouched);
}

TEST_CASE("a provider is pointed at another server and another zone by its settings") {
  const provider::Values settings = {{"CLOUDFLARE_API_TOKEN", "secret"},
                                     {"CLOUDFLARE_BASE_URL", "https://test.example/v4/"},
                                     {"CLOUDFLARE_ZONE", "www.example.com"}};
  CHECK(play_cloudflare("present",
                        ask("GET https://test.example/v4/zones?name=www.example.com", "200", no_settings),
                        settings)
            .status == CERTO_NO_ZONE);
  provider::Values other = settings;
  other["CLOUDFLARE_ZONE"] = "ww.example.com";
  CHECK(play_cloudflare("present", "", other).status == CERTO_CONFIG);
}

TEST_CASE("cloudflare: records of other types") {
  const std::string zone = ask(zones_url + "_443._tcp.example.com", "200", no_settings) +
                           ask(zones_url + "_tcp.example.com", "200", no_settings) +
                           ask(zones_url + "example.com", "200",
                               R"({"success":true,"errors":[],"result":[{"id":"z1","name":"example.com"}]})");
  const Record caa(DnsRecord{"_443._tcp.example.com", "0 issue ca.test", "CAA"}, 60);
  const Record tlsa(DnsRecord{"_443._tcp.example.com", "3 1 1 0D6F", "TLSA"}, 60);
  const auto addition = [&](const std::string& type, const std::string& data) {
    return zone + "> POST " + sample_records +
           "\n> Authorization: Bearer secret\n> Content-Type: application/json\n> \n> {\"type\":\"" + type +
           "\",\"name\":\"_443._tcp.example.com\",\"data\":" + data +
           ",\"ttl\":60}\n< 200\n< {\"success\":true,\"errors\":[],\"result\":{}}\n";
  };
  CHECK(play("cloudflare", "present", {caa}, sample_token,
             addition("CAA", R"({"flags":0,"tag":"issue","value":"ca.test"})"))
            .status == CERTO_OK);
  CHECK(play("cloudflare", "present", {tlsa}, sample_token,
             addition("TLSA", R"({"usage":3,"selector":1,"matching_type":1,"certificate":"0d6f"})"))
            .status == CERTO_OK);
  const std::string list = ask(
      "GET " + sample_records + "?type=CAA&name=_443._tcp.example.com&per_page=100&page=1", "200",
      R"({"success":true,"errors":[],"result":[{"id":"c1","name":"_443._tcp.example.com","type":"CAA","content":"0 issue \"other.test\""},)"
      R"({"id":"c2","name":"_443._tcp.example.com","type":"CAA","content":"0 issue \"ca.test\""}]})");
  CHECK(play("cloudflare", "cleanup", {caa}, sample_token,
             zone + list + ask("DELETE " + sample_records + "/c2", "200", R"({"result":{"id":"c2"}})"))
            .status == CERTO_OK);
}
