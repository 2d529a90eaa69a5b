// Mail-in-a-Box, from https://mailinabox.email/api-docs.html#tag/DNS
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values box_settings = {{"MAILINABOX_BASE_URL", "https://box.example"},
                                       {"MAILINABOX_EMAIL", "me@example.com"},
                                       {"MAILINABOX_PASSWORD", "secret"}};
const Record box_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_box(const char* action, const std::string& transcript,
                 std::vector<Record> records = {box_record}, provider::Values settings = box_settings) {
  return play("mailinabox", action, std::move(records), std::move(settings), transcript);
}

std::string asked(const std::string& method, const std::string& body = "",
                  const std::string& name = "_acme-challenge.example.com") {
  return "> " + method + " https://box.example/admin/dns/custom/" + name +
         "/txt\n> Authorization: Basic bWVAZXhhbXBsZS5jb206c2VjcmV0\n" +
         (body.empty() ? "" : "> Content-Type: text/plain\n> \n> " + body + "\n");
}

std::string list(const std::string& items, const std::string& name = "_acme-challenge.example.com") {
  return asked("GET", "", name) + "< 200\n< [" + items + "]\n";
}

std::string held(const std::string& value, const std::string& name = "_acme-challenge.example.com") {
  return R"({"qname":")" + name + R"(","rtype":"TXT","sort-order":{"created":0},"value":")" + value +
         R"(","zone":"example.com"})";
}

const std::string updated = "< 200\n< updated DNS: example.com\n";
const std::string sample_addition = list(held("foreign")) + asked("POST", "new") + updated;

}  // namespace

TEST_CASE("mailinabox: a value is added next to existing ones") {
  CHECK(play_box("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("mailinabox: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("mailinabox", "present", {box_record}, box_settings, sample_addition) == 0);
}

TEST_CASE("mailinabox: two values of one name, and another name") {
  CHECK(play_box("present",
                 list("") + asked("POST", "one") + updated + asked("POST", "two") + updated +
                     list("", "example.com") + asked("POST", "three", "example.com") + updated,
                 {{"_acme-challenge.example.com", "one", 60},
                  {"_acme-challenge.example.com", "two", 60},
                  {"example.com", "three", 60}})
            .status == CERTO_OK);
}

TEST_CASE("mailinabox: cleanup removes our value only; what is done already is a success") {
  const std::string found = list(held("foreign") + "," + held("new"));
  CHECK(play_box("cleanup", found + asked("DELETE", "new") + updated).status == CERTO_OK);
  CHECK(play_box("present", found).status == CERTO_OK);
  CHECK(play_box("cleanup", list(held("foreign") + "," + held("new", "other.example.com"))).status ==
        CERTO_OK);
}

TEST_CASE("mailinabox: a server without https:// before it, as acme.sh has it") {
  provider::Values settings = box_settings;
  settings["MAILINABOX_BASE_URL"] = "box.example";
  CHECK(play_box("cleanup", list(""), {box_record}, settings).status == CERTO_OK);
}

TEST_CASE("mailinabox: refusals are reported in the server's words") {
  const Outcome refused =
      play_box("present", list("") + asked("POST", "new") +
                              "< 400\n< _acme-challenge.example.com is not a domain name on this box.\n");
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why ==
        "POST https://box.example/admin/dns/custom/_acme-challenge.example.com/txt answered 400: "
        "_acme-challenge.example.com is not a domain name on this box.");
  const Outcome wrong = play_box(
      "present", asked("GET") + "< 403\n< {\"status\":\"error\",\"reason\":\"Incorrect username\"}\n");
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why.find("Incorrect username") != std::string::npos);
}

TEST_CASE("mailinabox: a server in trouble") {
  check_trouble([](const std::string& transcript) { return play_box("present", transcript); }, asked("GET"));
}
