// BlueCat Address Manager, from https://docs.bluecatnetworks.com/r/Address-Manager-Legacy-v1-API-Guide/
// (login, getEntityByName, getEntities, addEntity, delete, quickDeploy)
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values bam_settings = {{"BLUECAT_SERVER_URL", "https://bam.example"},
                                       {"BLUECAT_USER_NAME", "me"},
                                       {"BLUECAT_PASSWORD", "se&cret"},
                                       {"BLUECAT_CONFIG_NAME", "main"},
                                       {"BLUECAT_DNS_VIEW", "out side"}};
const Record bam_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_bam(const char* action, const std::string& transcript,
                 std::vector<Record> records = {bam_record}, provider::Values settings = bam_settings) {
  return play("bluecat", action, std::move(records), std::move(settings), transcript);
}

const std::string login_question =
    "> GET https://bam.example/Services/REST/v1/login?username=me&password=se%26cret\n> Accept: application/json\n";
const std::string login =
    login_question + "< 200\n< \"Session Token-> BAMAuthToken: dQfuR= <- for User : me\"\n";

std::string asked(const std::string& method, const std::string& path, const std::string& body = "") {
  return "> " + method + " https://bam.example/Services/REST/v1/" + path +
         "\n> Accept: application/json\n> Authorization: BAMAuthToken: dQfuR=\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n");
}

std::string call(const std::string& method, const std::string& path, const std::string& answer,
                 const std::string& body = "") {
  return asked(method, path, body) + "< 200\n< " + answer + "\n";
}

std::string entity(const std::string& parent, const std::string& name, const std::string& type,
                   const std::string& id) {
  return call("GET", "getEntityByName?parentId=" + parent + "&name=" + name + "&type=" + type,
              "{\"id\":" + id + ",\"name\":null,\"type\":null,\"properties\":null}");
}

const std::string begun =
    login + entity("0", "main", "Configuration", "5") + entity("5", "out%20side", "View", "6");
const std::string zone = entity("6", "com", "Zone", "7") + entity("7", "example", "Zone", "8") +
                         entity("8", "_acme-challenge", "Zone", "0");

std::string entities(const std::string& list, const std::string& start = "0") {
  return call("GET", "getEntities?parentId=8&type=TXTRecord&start=" + start + "&count=100", "[" + list + "]");
}

std::string held(const std::string& id, const std::string& text,
                 const std::string& name = "_acme-challenge.example.com") {
  return R"({"id":)" + id +
         R"(,"name":"_acme-challenge","type":"TXTRecord","properties":"ttl=60|absoluteName=)" + name +
         "|txt=" + text + "|\"}";
}

std::string addition(const std::string& value) {
  return call("POST", "addEntity?parentId=8", "9",
              R"({"name":"_acme-challenge","type":"TXTRecord","properties":"ttl=60|absoluteName=)"
              R"(_acme-challenge.example.com|txt=)" +
                  value + "|\"}");
}

const std::string deploy = call("POST", "quickDeploy?entityId=8", "");
const std::string logout = call("GET", "logout", "\"User me logged out successfully\"");
const std::string sample_addition =
    begun + zone + entities(held("1", "foreign")) + addition("new") + deploy + logout;

}  // namespace

TEST_CASE("bluecat: a value is added next to existing ones, and the zone is deployed") {
  CHECK(play_bam("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("bluecat: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("bluecat", "present", {bam_record}, bam_settings, sample_addition) == 0);
}

TEST_CASE("bluecat: two values of one name are deployed once; page two") {
  std::string page;
  for (int i = 0; i < 100; ++i) page += (page.empty() ? "" : ",") + held("1", "foreign");
  CHECK(play_bam("present",
                 begun + zone + entities(page) + entities(held("2", "one"), "100") + entities("") +
                     addition("two") + deploy + logout,
                 {{"_acme-challenge.example.com", "one", 60}, {"_acme-challenge.example.com", "two", 60}})
            .status == CERTO_OK);
}

TEST_CASE("bluecat: cleanup removes our value only; what is done already is deployed again") {
  const std::string found =
      begun + zone +
      entities(held("1", "foreign") + "," + held("2", "new", "example.com") + "," + held("3", "new"));
  CHECK(play_bam("cleanup", found + call("DELETE", "delete?objectId=3", "") + deploy + logout).status ==
        CERTO_OK);
  CHECK(play_bam("present", found + deploy + logout).status == CERTO_OK);
  CHECK(play_bam("cleanup", begun + zone + entities("") + deploy + logout).status == CERTO_OK);
}

TEST_CASE("bluecat: deployment can be left to others") {
  provider::Values settings = bam_settings;
  settings["BLUECAT_SKIP_DEPLOY"] = "true";
  CHECK(play_bam("cleanup", begun + zone + entities("") + logout, {bam_record}, settings).status == CERTO_OK);
}

TEST_CASE("bluecat: refusals") {
  const Outcome wrong = play_bam("present", login_question + "< 200\n< \"Authentication Error\"\n");
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why == "the credentials are refused: Authentication Error");
  CHECK(play_bam("present", login + entity("0", "main", "Configuration", "0")).why ==
        "Address Manager has no Configuration 'main'");
  CHECK(play_bam("present", begun + entity("6", "com", "Zone", "0") + logout).status == CERTO_NO_ZONE);
  CHECK(
      play_bam("present", begun + zone + entities("") + logout, {{"_acme-challenge.example.com", "a|b", 60}})
          .status == CERTO_FAILED);
}

TEST_CASE("bluecat: a server in trouble") {
  const auto played = [](const std::string& transcript) { return play_bam("present", transcript); };
  check_trouble(played, login_question);
  CHECK(played(begun + zone + asked("GET", "getEntities?parentId=8&type=TXTRecord&start=0&count=100") +
               "< 200\n< {}\n" + logout)
            .status == CERTO_UNREACHABLE);
}
