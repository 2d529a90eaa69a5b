// ConoHa (VPS 3.0), from https://doc.conoha.jp/reference/api-vps3/api-identity-vps3/identity-post_tokens-v3/
// and https://doc.conoha.jp/reference/api-vps3/api-dns-vps3/
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
    {"CONOHAV3_TENANT_ID", "t1"}, {"CONOHAV3_API_USER_ID", "u1"}, {"CONOHAV3_API_PASSWORD", "secret"}};
const Record conoha_record = {"_acme-challenge.example.com", "new", 120};

Outcome play_conoha(const char* action, const std::string& transcript,
                    provider::Values settings = conoha_settings) {
  return play("conohav3", action, {conoha_record}, std::move(settings), transcript);
}

std::string asked(const std::string& region = "c3j1") {
  return keystone_request("https://identity." + region + ".conoha.io/v3/auth/tokens",
                          R"({"identity":{"methods":["password"],"password":{"user":{"id":"u1","password":)"
                          R"("secret"}}},"scope":{"project":{"id":"t1"}}})");
}

std::string call(const std::string& method, const std::string& path, const std::string& answer,
                 const std::string& body = "") {
  return "> " + method + " https://dns-service.c3j1.conoha.io/v1/domains" + path +
         "\n> X-Auth-Token: T0k\n> Accept: application/json\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< 200\n< " +
         answer + "\n";
}

const std::string begun =
    asked() + keystone_reply("https://unused.example") +
    call("GET", "", R"({"domains":[{"uuid":"d1","name":"example.com.","ttl":3600}],"total_count":1})");

std::string records(const std::string& list) {
  return call("GET", "/d1/records", "{\"records\":[" + list + "]}");
}

const std::string foreign =
    R"({"uuid":"r1","name":"_acme-challenge.example.com.","type":"TXT","ttl":3600,"data":"foreign"})";
const std::string ours =
    R"({"uuid":"r2","name":"_acme-challenge.example.com.","type":"TXT","ttl":60,"data":"new"})";
const std::string sample_addition =
    begun + records(foreign) +
    call("POST", "/d1/records", "{}",
         R"({"name":"_acme-challenge.example.com.","type":"TXT","data":"new","ttl":120})");

}  // namespace

TEST_CASE("conohav3: a value is added next to existing ones") {
  CHECK(play_conoha("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("conohav3: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("conohav3", "present", {conoha_record}, conoha_settings, sample_addition) == 0);
}

TEST_CASE("conohav3: cleanup removes our value only; what is done already is a success") {
  CHECK(play_conoha("cleanup", begun + records(foreign + "," + ours) + call("DELETE", "/d1/records/r2", ""))
            .status == CERTO_OK);
  CHECK(play_conoha("cleanup", begun + records(foreign)).status == CERTO_OK);
  CHECK(play_conoha("present", begun + records(ours)).status == CERTO_OK);
}

TEST_CASE("conohav3: another region; refusals and services in trouble") {
  provider::Values settings = conoha_settings;
  settings["CONOHAV3_REGION"] = "c3j2";
  CHECK(play_conoha("present", asked("c3j2") + keystone_refusal(), settings).status == CERTO_CONFIG);
  check_trouble([](const std::string& transcript) { return play_conoha("present", transcript); }, asked());
}
