// Rackspace Cloud DNS, from https://docs.rackspace.com/docs/cloud-dns/v1/getting-started/authenticate and
// https://docs.rackspace.com/docs/cloud-dns/v1/api-reference/records
#include "fixtures/keystone.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values rackspace_settings = {{"RACKSPACE_USER", "me"}, {"RACKSPACE_API_KEY", "secret"}};
const Record rackspace_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_rackspace(const char* action, const std::string& transcript,
                       std::vector<Record> records = {rackspace_record}) {
  return play("rackspace", action, std::move(records), rackspace_settings, transcript);
}

const std::string asked =
    keystone_request("https://identity.api.rackspacecloud.com/v2.0/tokens",
                     R"({"RAX-KSKEY:apiKeyCredentials":{"username":"me","apiKey":"secret"}})");
const std::string login =
    asked +
    keystone_v2_reply(
        R"([{"name":"cloudFiles","endpoints":[{"publicURL":"https://files.example"}]},{"name":"cloudDNS",)"
        R"("type":"rax:dns","endpoints":[{"tenantId":"123456","publicURL":)"
        R"("https://dns.api.rackspacecloud.com/v1.0/123456"}]}])");

std::string call(const std::string& method, const std::string& path, const std::string& answer,
                 const std::string& body = "", const std::string& status = "200") {
  return "> " + method + " https://dns.api.rackspacecloud.com/v1.0/123456" + path +
         "\n> X-Auth-Token: T0k\n> Accept: application/json\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + status +
         "\n< " + answer + "\n";
}

const std::string zone = "> ZONE _acme-challenge.example.com\n< example.com\n" +
                         call("GET", "/domains?name=example.com",
                              R"({"domains":[{"name":"example.com","id":"112233"}],"totalEntries":1})");

std::string records(const std::string& list, const std::string& name = "_acme-challenge.example.com") {
  return call("GET", "/domains/112233/records?type=TXT&name=" + name, "{\"records\":[" + list + "]}");
}

std::string held(const std::string& id, const std::string& data) {
  return R"({"name":"_acme-challenge.example.com","id":")" + id + R"(","type":"TXT","data":")" + data +
         R"(","ttl":300})";
}

std::string wanted(const std::string& value, const std::string& name = "_acme-challenge.example.com") {
  return R"({"name":")" + name + R"(","type":"TXT","data":")" + value + R"(","ttl":300})";
}

const std::string job = R"({"status":"RUNNING","verb":"POST","jobId":"00000000-0000-0000-0000-0000000000"})";
const std::string sample_addition =
    login + zone + records(held("TXT-1", "foreign")) +
    call("POST", "/domains/112233/records", job, "{\"records\":[" + wanted("new") + "]}", "202");

}  // namespace

TEST_CASE("rackspace: a value is added next to existing ones") {
  CHECK(play_rackspace("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("rackspace: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("rackspace", "present", {rackspace_record}, rackspace_settings, sample_addition) ==
        0);
}

TEST_CASE("rackspace: all values of a zone are one job") {
  const std::vector<Record> batch = {{"_acme-challenge.example.com", "one", 60},
                                     {"_acme-challenge.example.com", "two", 60},
                                     {"example.com", "three", 60}};
  const std::string none = call("GET", "/domains/112233/records?type=TXT&name=_acme-challenge.example.com",
                                R"({"message":"Not Found","code":404,"details":""})", "", "404");
  CHECK(play_rackspace("present",
                       login + zone + none + "> ZONE example.com\n< example.com\n" +
                           records("", "example.com") +
                           call("POST", "/domains/112233/records", job,
                                "{\"records\":[" + wanted("one") + "," + wanted("two") + "," +
                                    wanted("three", "example.com") + "]}",
                                "202"),
                       batch)
            .status == CERTO_OK);
  CHECK(play_rackspace("cleanup",
                       login + zone +
                           records(held("TXT-1", "one") + "," + held("TXT-2", "foreign") + "," +
                                   held("TXT-3", "\\\"two\\\"")) +
                           "> ZONE example.com\n< example.com\n" + records("", "example.com") +
                           call("DELETE", "/domains/112233/records?id=TXT-1&id=TXT-3", job, "", "202"),
                       batch)
            .status == CERTO_OK);
}

TEST_CASE("rackspace: what is done already is a success") {
  CHECK(play_rackspace("present", login + zone + records(held("TXT-1", "new"))).status == CERTO_OK);
  CHECK(play_rackspace("cleanup", login + zone + records(held("TXT-1", "foreign"))).status == CERTO_OK);
  CHECK(play_rackspace("cleanup", login + zone + records(held("TXT-1", "new")) +
                                      call("DELETE", "/domains/112233/records?id=TXT-1", "{}", "", "404"))
            .status == CERTO_OK);
}

TEST_CASE("rackspace: refusals and services in trouble") {
  CHECK(play_rackspace("present", asked + keystone_refusal()).status == CERTO_CONFIG);
  CHECK(play_rackspace("present", asked + keystone_v2_reply()).why == "the account has no Cloud DNS");
  CHECK(play_rackspace("present", login + call("GET", "/domains?name=_acme-challenge.example.com",
                                               R"({"code":413,"message":"overLimit"})", "", "413"))
            .status == CERTO_LATER);
  const std::string none = R"({"domains":[],"totalEntries":0})";
  CHECK(play_rackspace("present", login + call("GET", "/domains?name=_acme-challenge.example.com", none) +
                                      call("GET", "/domains?name=example.com", none))
            .status == CERTO_NO_ZONE);
  const auto played = [](const std::string& transcript) { return play_rackspace("present", transcript); };
  check_trouble(played, asked);
  const std::string question = records("");
  check_trouble(played, login + zone + question.substr(0, question.find("< ")));
}
