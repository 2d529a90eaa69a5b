// httpreq, from lego's documentation: https://go-acme.github.io/lego/dns/httpreq/
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;
using provider::Values;

namespace {

const Values sample_settings = {{"HTTPREQ_ENDPOINT", "https://dns.example/my/path/"}};
const Values basic = {{"HTTPREQ_ENDPOINT", "https://dns.example/my/path"},
                      {"HTTPREQ_USERNAME", "Aladdin"},
                      {"HTTPREQ_PASSWORD", "open sesame"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_httpreq(const char* action, const std::string& transcript,
                     std::vector<Record> records = {sample_record}, Values settings = sample_settings) {
  return play("httpreq", action, std::move(records), std::move(settings), transcript);
}

std::string request(const std::string& action, const std::string& answer = "200",
                    const std::string& value = "new", const std::string& header = "") {
  return "> POST https://dns.example/my/path/" + action +
         "\n> Accept: application/json\n> Content-Type: application/json\n" + header +
         "> \n> {\"fqdn\":\"_acme-challenge.example.com.\",\"value\":\"" + value + "\"}\n< " + answer + "\n";
}

const std::string authorization = "> Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\n";

}  // namespace

TEST_CASE(
    "httpreq: the actions are appended to the endpoint's path, and the reply's content does not matter") {
  CHECK(play_httpreq("present", request("present")).status == CERTO_OK);
  CHECK(play_httpreq("cleanup", request("cleanup", "204")).status == CERTO_OK);
  CHECK(play_httpreq("present", request("present", "201\n< <html>")).status == CERTO_OK);
  CHECK(play_httpreq("present", request("present?a=b"), {sample_record},
                     {{"HTTPREQ_ENDPOINT", "https://dns.example/my/path?a=b"}})
            .status == CERTO_OK);
}

TEST_CASE("httpreq: a name and a password are sent if both are set") {
  const std::string transcript = request("present", "200", "new", authorization);
  CHECK(play_httpreq("present", transcript, {sample_record}, basic).status == CERTO_OK);
  Values half = basic;
  half.erase("HTTPREQ_PASSWORD");
  CHECK(play_httpreq("present", request("present"), {sample_record}, half).status == CERTO_OK);
}

TEST_CASE("httpreq: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("httpreq", "present", {sample_record}, basic,
                          request("present", "200", "new", authorization)) == 0);
}

TEST_CASE("httpreq: each value of a batch is a request") {
  const std::vector<Record> records = {{sample_record.name, "one", 60}, {sample_record.name, "two", 60}};
  CHECK(play_httpreq("present", request("present", "200", "one") + request("present", "200", "two"), records)
            .status == CERTO_OK);
}

TEST_CASE("httpreq: the mode that wants the challenge's token is refused before anything is sent") {
  Values settings = sample_settings;
  settings["HTTPREQ_MODE"] = "RAW";
  const Outcome outcome = play_httpreq("present", "", {sample_record}, settings);
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.why.find("RAW is not supported") != std::string::npos);
  settings["HTTPREQ_MODE"] = "fast";
  CHECK(play_httpreq("present", "", {sample_record}, settings).why == "HTTPREQ_MODE is RAW or not set");
}

TEST_CASE("httpreq: the first line of the server's reason for a refusal is reported") {
  const Outcome refused = play_httpreq("present", request("present", "401"));
  CHECK(refused.status == CERTO_CONFIG);
  const Outcome failed = play_httpreq("present", request("present", "404\n< no such zone\n< at all"));
  CHECK(failed.status == CERTO_FAILED);
  CHECK(failed.why == "POST https://dns.example/my/path/present answered 404: no such zone");
  CHECK(play_httpreq("present", request("present", "400\n< " + std::string(300, 'a'))).why.size() < 300);
  CHECK(play_httpreq("present", request("present", "429")).status == CERTO_LATER);
  CHECK(play_httpreq("present", request("present", "503")).status == CERTO_UNREACHABLE);
  CHECK(play_httpreq("present", request("present", "302")).status == CERTO_FAILED);
  CHECK(play_httpreq("present", request("present", "lost")).why == "the connection broke");
}
