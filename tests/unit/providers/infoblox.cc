// Infoblox NIOS, from the Web API Guide, https://docs.infoblox.com/space/NIOS/ ("record:txt", "Error
// Handling")
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values box_settings = {
    {"INFOBLOX_HOST", "grid.example"}, {"INFOBLOX_USERNAME", "me"}, {"INFOBLOX_PASSWORD", "se:cret"}};
const Record box_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_box(const char* action, const std::string& transcript,
                 std::vector<Record> records = {box_record}, provider::Values settings = box_settings) {
  return play("infoblox", action, std::move(records), std::move(settings), transcript);
}

std::string asked(const std::string& method, const std::string& path, const std::string& body = "",
                  const std::string& server = "grid.example/wapi/v2.11/") {
  return "> " + method + " https://" + server + path + "\n> Authorization: Basic bWU6c2U6Y3JldA==\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n");
}

std::string question(const std::string& name = "_acme-challenge.example.com",
                     const std::string& view = "External",
                     const std::string& server = "grid.example/wapi/v2.11/") {
  return asked("GET", "record:txt?_return_fields=name,text&name=" + name + "&view=" + view, "", server);
}

std::string list(const std::string& items) { return question() + "< 200\n< [" + items + "]\n"; }

std::string held(const std::string& id, const std::string& text) {
  return R"({"_ref":"record:txt/)" + id +
         R"(:_acme-challenge.example.com/External","name":)"
         R"("_acme-challenge.example.com","text":")" +
         text + "\"}";
}

std::string addition(const std::string& value, const std::string& name = "_acme-challenge.example.com") {
  return asked(
      "POST", "record:txt",
      R"({"name":")" + name + R"(","text":")" + value + R"(","view":"External","ttl":60,"use_ttl":true})");
}

const std::string made = "< 201\n< \"record:txt/ZG5z9:_acme-challenge.example.com/External\"\n";
const std::string removal = asked("DELETE", "record:txt/ZG5z7:_acme-challenge.example.com/External");
const std::string sample_addition = list(held("ZG5z1", "foreign")) + addition("new") + made;

}  // namespace

TEST_CASE("infoblox: a value is added next to existing ones") {
  CHECK(play_box("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("infoblox: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("infoblox", "present", {box_record}, box_settings, sample_addition) == 0);
}

TEST_CASE("infoblox: two values of one name, and another name") {
  CHECK(play_box("present",
                 list("") + addition("one") + made + addition("two") + made + question("example.com") +
                     "< 200\n< []\n" + addition("three", "example.com") + made,
                 {{"_acme-challenge.example.com", "one", 60},
                  {"_acme-challenge.example.com", "two", 60},
                  {"example.com", "three", 60}})
            .status == CERTO_OK);
}

TEST_CASE("infoblox: cleanup removes our value only; what is done already is a success") {
  const std::string found = list(held("ZG5z1", "foreign") + "," + held("ZG5z7", "\\\"new\\\""));
  CHECK(play_box("cleanup", found + removal + "< 200\n< \"record:txt/ZG5z7\"\n").status == CERTO_OK);
  CHECK(play_box("cleanup",
                 found + removal + "< 404\n< {\"Error\":\"AdmConDataNotFoundError\",\"text\":\"gone\"}\n")
            .status == CERTO_OK);
  CHECK(play_box("present", found).status == CERTO_OK);
  CHECK(play_box("cleanup", list(held("ZG5z1", "foreign"))).status == CERTO_OK);
}

TEST_CASE("infoblox: another view, version and port, and credentials as acme.sh has them") {
  const provider::Values settings = {{"INFOBLOX_HOST", "https://grid.example/"},
                                     {"INFOBLOX_CREDENTIALS", "me:se:cret"},
                                     {"INFOBLOX_DNS_VIEW", "in side"},
                                     {"INFOBLOX_WAPI_VERSION", "2.12"},
                                     {"INFOBLOX_PORT", "8443"}};
  CHECK(play_box("cleanup",
                 question("_acme-challenge.example.com", "in%20side", "grid.example:8443/wapi/v2.12/") +
                     "< 200\n< []\n",
                 {box_record}, settings)
            .status == CERTO_OK);
  provider::Values insecure = box_settings;
  insecure["INFOBLOX_SSL_VERIFY"] = "false";
  CHECK(play_box("present", "", {box_record}, insecure).why.find("CA_BUNDLE") != std::string::npos);
}

TEST_CASE("infoblox: refusals are reported in the server's words") {
  const Outcome refused = play_box(
      "present",
      list("") + addition("new") +
          "< 400\n< {\"Error\":\"AdmConDataError: None\",\"code\":\"Client.Ibap.Data\",\"text\":\"The action "
          "is not allowed. A parent was not found.\"}\n");
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why ==
        "POST record:txt of the view External answered 400: The action is not allowed. A parent was "
        "not found.");
}

TEST_CASE("infoblox: a server in trouble") {
  const auto played = [](const std::string& transcript) { return play_box("present", transcript); };
  check_trouble(played, question());
  CHECK(played(question() + "< 200\n< {}\n").status == CERTO_UNREACHABLE);
  CHECK(played(question() + R"(< 200
< [{"_ref":"record:txt/../x","name":"_acme-challenge.example.com","text":"a"}])"
                            "\n")
            .status == CERTO_UNREACHABLE);
}
