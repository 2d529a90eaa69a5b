// CloudDNS (VSHosting), from the agreeing requests of
// https://github.com/go-acme/lego/tree/master/providers/dns/clouddns and
// https://github.com/acmesh-official/acme.sh/blob/master/dnsapi/dns_clouddns.sh
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values cloud_settings = {
    {"CLOUDDNS_CLIENT_ID", "c1"}, {"CLOUDDNS_EMAIL", "me@example.com"}, {"CLOUDDNS_PASSWORD", "secret"}};
const Record cloud_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_cloud(const char* action, const std::string& transcript,
                   std::vector<Record> records = {cloud_record}) {
  return play("clouddns", action, std::move(records), cloud_settings, transcript);
}

const std::string login_question =
    "> POST https://admin.vshosting.cloud/api/public/auth/login\n> Content-Type: application/json\n> \n> "
    R"({"email":"me@example.com","password":"secret"})"
    "\n";
const std::string login =
    login_question + "< 200\n< {\"auth\":{\"accessToken\":\"t0k\",\"refreshToken\":\"r\"}}\n";

std::string asked(const std::string& method, const std::string& path, const std::string& body = "") {
  return "> " + method + " https://admin.vshosting.cloud/clouddns" + path +
         "\n> Authorization: Bearer t0k\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n");
}

std::string call(const std::string& method, const std::string& path, const std::string& answer,
                 const std::string& body = "", const std::string& status = "200") {
  return asked(method, path, body) + "< " + status + "\n< " + answer + "\n";
}

std::string search(const std::string& name, const std::string& items) {
  return call(
      "POST", "/domain/search", "{\"items\":[" + items + "],\"limit\":100,\"offset\":0,\"totalHits\":1}",
      R"({"search":[{"name":"clientId","operator":"eq","value":"c1"},{"name":"domainName","operator":"eq",)"
      R"("value":")" +
          name + R"(."}]})");
}

const std::string domain =
    search("_acme-challenge.example.com", "") +
    search("example.com", R"({"id":"d1","domainName":"example.com.","status":"ACTIVE"})");

std::string records(const std::string& list, const std::string& more = R"("soaTtl":600,)") {
  return call("GET", "/domain/d1", R"({"id":"d1",)" + more + R"("lastDomainRecordList":[)" + list + "]}");
}

std::string held(const std::string& id, const std::string& name, const std::string& value,
                 const std::string& type = "TXT") {
  return R"({"id":")" + id + R"(","domainId":"d1","name":")" + name + R"(","value":")" + value +
         R"(","type":")" + type + "\"}";
}

std::string addition(const std::string& value, const std::string& answer = "{\"id\":\"r9\"}",
                     const std::string& status = "200",
                     const std::string& name = "_acme-challenge.example.com.") {
  return call("POST", "/record-txt", answer,
              R"({"type":"TXT","name":")" + name + R"(","value":")" + value + R"(","domainId":"d1"})",
              status);
}

std::string publish(const std::string& ttl = "600") {
  return call("PUT", "/domain/d1/publish", "{}", "{\"soaTtl\":" + ttl + "}");
}

const std::string foreign = held("r1", "_acme-challenge.example.com.", "foreign") + "," +
                            held("r2", "example.com.", "new") + "," +
                            held("r3", "_acme-challenge.example.com.", "new", "CNAME");
const std::string sample_addition = login + domain + records(foreign) + addition("new") + publish();

}  // namespace

TEST_CASE("clouddns: a value is added next to existing ones, and the domain is published") {
  CHECK(play_cloud("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("clouddns: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("clouddns", "present", {cloud_record}, cloud_settings, sample_addition) == 0);
}

TEST_CASE("clouddns: two values of one name and the domain itself are published once") {
  CHECK(play_cloud("present",
                   login + domain + records("", "") + addition("one") + addition("two") + records("", "") +
                       addition("three", "{}", "200", "example.com.") + publish("300"),
                   {{"_acme-challenge.example.com", "one", 60},
                    {"_acme-challenge.example.com", "two", 60},
                    {"example.com", "three", 60}})
            .status == CERTO_OK);
}

TEST_CASE("clouddns: cleanup removes our value only") {
  const std::string found =
      login + domain + records(foreign + "," + held("r7", "_acme-challenge.example.com.", "new"));
  CHECK(play_cloud("cleanup", found + call("DELETE", "/record/r7", "") + publish()).status == CERTO_OK);
  CHECK(play_cloud("cleanup", found + call("DELETE", "/record/r7", "{}", "", "404") + publish()).status ==
        CERTO_OK);
}

TEST_CASE("clouddns: what is done already is published again") {
  const std::string ours = held("r7", "_acme-challenge.example.com.", "new");
  CHECK(play_cloud("present", login + domain + records(ours) + publish()).status == CERTO_OK);
  CHECK(play_cloud("cleanup", login + domain + records(foreign) + publish()).status == CERTO_OK);
  CHECK(play_cloud("present", login + domain + records("") +
                                  addition("new", R"({"error":{"code":4136,"message":"exists"}})", "400") +
                                  publish())
            .status == CERTO_OK);
}

TEST_CASE("clouddns: refusals are reported in the service's words") {
  const Outcome wrong = play_cloud(
      "present", login_question + "< 400\n< {\"error\":{\"code\":1,\"message\":\"Bad credentials\"}}\n");
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why.find("Bad credentials") != std::string::npos);
  CHECK(wrong.why.find("secret") == std::string::npos);
  const Outcome refused = play_cloud(
      "present", login + domain + records("") + addition("new", R"({"error":{"code":7,"message":"no"}})"));
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why == "POST https://admin.vshosting.cloud/clouddns/record-txt answered 200: no");
  CHECK(play_cloud("present", login + search("_acme-challenge.example.com", "") + search("example.com", ""))
            .status == CERTO_NO_ZONE);
}

TEST_CASE("clouddns: a service in trouble") {
  const auto played = [](const std::string& transcript) { return play_cloud("present", transcript); };
  check_trouble(played, login_question);
  check_trouble(played, login + domain + asked("GET", "/domain/d1"));
}
