// ConoHa (VPS 2.0), from https://doc.conoha.jp/reference/api-vps2/api-identity-vps2/identity-post_tokens-v2/
// and https://doc.conoha.jp/reference/api-vps2/api-dns-vps2/
#include "fixtures/keystone.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values conoha_settings = {
    {"CONOHA_TENANT_ID", "t1"}, {"CONOHA_API_USERNAME", "me"}, {"CONOHA_API_PASSWORD", "secret"}};
const Record conoha_record = {"_acme-challenge.example.com", "new", 30};

Outcome play_conoha(const char* action, const std::string& transcript,
                    std::vector<Record> records = {conoha_record},
                    provider::Values settings = conoha_settings) {
  return play("conoha", action, std::move(records), std::move(settings), transcript);
}

std::string asked(const std::string& region = "tyo1") {
  return keystone_request("https://identity." + region + ".conoha.io/v2.0/tokens",
                          R"({"tenantId":"t1","passwordCredentials":{"username":"me","password":"secret"}})");
}

std::string call(const std::string& method, const std::string& path, const std::string& answer,
                 const std::string& body = "", const std::string& status = "200",
                 const std::string& region = "tyo1") {
  return "> " + method + " https://dns-service." + region + ".conoha.io/v1/domains" + path +
         "\n> X-Auth-Token: T0k\n> Accept: application/json\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + status +
         "\n< " + answer + "\n";
}

const std::string domains_reply =
    R"({"domains":[{"id":"d0","name":"other.net."},{"id":"d1","name":"example.com."}]})";
const std::string begun = asked() + keystone_v2_reply() + call("GET", "", domains_reply);

std::string records(const std::string& list) {
  return call("GET", "/d1/records", "{\"records\":[" + list + "]}");
}

std::string held(const std::string& id, const std::string& name, const std::string& data,
                 const std::string& type = "TXT") {
  return R"({"id":")" + id + R"(","name":")" + name + R"(","type":")" + type + R"(","ttl":3600,"data":")" +
         data + R"(","priority":null})";
}

std::string addition(const std::string& value, const std::string& name = "_acme-challenge.example.com.") {
  return call("POST", "/d1/records", R"({"id":"r9"})",
              R"({"name":")" + name + R"(","type":"TXT","data":")" + value + R"(","ttl":60})");
}

const std::string foreign = held("r1", "_acme-challenge.example.com.", "foreign") + "," +
                            held("r2", "example.com.", "new") + "," +
                            held("r3", "_acme-challenge.example.com.", "new", "CNAME");
const std::string sample_addition = begun + records(foreign) + addition("new");

}  // namespace

TEST_CASE("conoha: a value is added next to existing ones") {
  CHECK(play_conoha("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("conoha: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("conoha", "present", {conoha_record}, conoha_settings, sample_addition) == 0);
}

TEST_CASE("conoha: two values of one name, and the zone itself") {
  CHECK(play_conoha("present",
                    begun + records("") + addition("one") + addition("two") + records("") +
                        addition("three", "example.com."),
                    {{"_acme-challenge.example.com", "one", 30},
                     {"_acme-challenge.example.com", "two", 30},
                     {"example.com", "three", 30}})
            .status == CERTO_OK);
}

TEST_CASE("conoha: cleanup removes our value only; what is done already is a success") {
  const std::string found =
      begun + records(foreign + "," + held("r7", "_acme-challenge.example.com.", "new"));
  CHECK(play_conoha("cleanup", found + call("DELETE", "/d1/records/r7", "")).status == CERTO_OK);
  CHECK(play_conoha("cleanup", found + call("DELETE", "/d1/records/r7", "", "", "404")).status == CERTO_OK);
  CHECK(play_conoha("present", found).status == CERTO_OK);
  CHECK(play_conoha("cleanup", begun + records(foreign)).status == CERTO_OK);
}

TEST_CASE("conoha: another region, or the identity service as acme.sh has it") {
  provider::Values settings = conoha_settings;
  settings["CONOHA_REGION"] = "tyo2";
  const std::string rest = keystone_v2_reply() + call("GET", "", domains_reply, "", "200", "tyo2") +
                           call("GET", "/d1/records", "{\"records\":[]}", "", "200", "tyo2");
  CHECK(play_conoha("cleanup", asked("tyo2") + rest, {conoha_record}, settings).status == CERTO_OK);
  settings["CONOHA_IDENTITY_URL"] = "https://identity.sin1.conoha.io/v2.0";
  CHECK(play_conoha("cleanup", asked("sin1") + rest, {conoha_record}, settings).status == CERTO_OK);
}

TEST_CASE("conoha: refusals and services in trouble") {
  CHECK(play_conoha("present", asked() + keystone_refusal()).status == CERTO_CONFIG);
  CHECK(play_conoha("present", asked() + keystone_v2_reply() + call("GET", "", "{\"domains\":[]}")).status ==
        CERTO_NO_ZONE);
  const auto played = [](const std::string& transcript) { return play_conoha("present", transcript); };
  check_trouble(played, asked());
  const std::string question = call("GET", "/d1/records", "");
  check_trouble(played, begun + question.substr(0, question.find("< ")));
  CHECK(played(asked() + "< 200\n< {\"access\":{\"token\":{\"id\":\"two words\"}}}\n").status ==
        CERTO_UNREACHABLE);
}
