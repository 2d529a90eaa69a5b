// RU-CENTER, from https://www.nic.ru/help/upload/file/API_DNS-hosting.pdf and the recorded replies in
// https://github.com/go-acme/lego/tree/master/providers/dns/nicru/internal/fixtures
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values nic_settings = {{"NICRU_USER", "12345/NIC-D"},
                                       {"NICRU_PASSWORD", "secret"},
                                       {"NICRU_SERVICE_ID", "app"},
                                       {"NICRU_SECRET", "hush"}};
const Record nic_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_nic(const char* action, const std::string& transcript,
                 std::vector<Record> records = {nic_record}) {
  return play("nicru", action, std::move(records), nic_settings, transcript);
}

const std::string token_question =
    "> POST https://api.nic.ru/oauth/token\n> Authorization: Basic YXBwOmh1c2g=\n> Content-Type: "
    "application/x-www-form-urlencoded\n> \n> grant_type=password&username=12345%2FNIC-D&password=secret&scope="
    "%28GET%7CPUT%7CPOST%7CDELETE%29%3A%2Fdns-master%2F.%2B\n";
const std::string login =
    token_question + "< 200\n< {\"expires_in\":14400,\"access_token\":\"t0k\",\"token_type\":\"Bearer\"}\n";

std::string asked(const std::string& method, const std::string& path, const std::string& body = "") {
  return "> " + method + " https://api.nic.ru/dns-master" + path + "\n> Authorization: Bearer t0k\n" +
         (body.empty() ? "" : "> Content-Type: text/xml\n> \n> " + body + "\n");
}

std::string answered(const std::string& data, const std::string& status = "200") {
  return "< " + status +
         "\n< <?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n< <response><status>success</status><data>" +
         data + "</data></response>\n";
}

std::string failed(const std::string& code, const std::string& text, const std::string& status = "200") {
  return "< " + status + "\n< <response><status>fail</status><errors><error code=\"" + code + "\">" + text +
         "</error></errors></response>\n";
}

std::string zones(const std::string& has_changes = "false") {
  return asked("GET", "/zones") +
         answered(
             "<zone admin=\"12345/NIC-D\" enable=\"true\" has-changes=\"false\" has-primary=\"true\" id=\"1\" "
             "idn-name=\"other.ru\" name=\"other.ru\" payer=\"12345/NIC-D\" service=\"SVC\" />"
             "<zone enable=\"true\" has-changes=\"" +
             has_changes + "\" id=\"2\" idn-name=\"example.com\" name=\"EXAMPLE.COM\" service=\"SVC\" />");
}

const std::string of_zone = "/services/SVC/zones/EXAMPLE.COM";

std::string records(const std::string& list) {
  return asked("GET", of_zone + "/records") +
         answered("<zone id=\"2\" name=\"EXAMPLE.COM\">" + list + "</zone>");
}

std::string held(const std::string& id, const std::string& name, const std::string& value) {
  return "<rr id=\"" + id + "\"><name>" + name + "</name><idn-name>" + name +
         "</idn-name><ttl>300</ttl><type>TXT</type><txt><string>" + value + "</string></txt></rr>";
}

std::string addition(const std::string& value, const std::string& name = "_acme-challenge") {
  return asked("PUT", of_zone + "/records",
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><rr-list><rr><name>" + name +
                   "</name><ttl>60</ttl><type>TXT</type><txt><string>" + value +
                   "</string></txt></rr></rr-list></request>") +
         answered("<zone id=\"2\"/>");
}

const std::string commit =
    asked("POST", of_zone + "/commit") + "< 200\n< <response><status>success</status></response>\n";
const std::string foreign = "<rr id=\"9\"><name>@</name><type>A</type><a>192.0.2.1</a></rr>" +
                            held("1", "_acme-challenge", "foreign") + held("2", "@", "new");
const std::string sample_addition = login + zones() + records(foreign) + addition("new") + commit;

}  // namespace

TEST_CASE("nicru: a value is added next to existing ones, and the zone is committed") {
  CHECK(play_nic("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("nicru: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("nicru", "present", {nic_record}, nic_settings, sample_addition) == 0);
}

TEST_CASE("nicru: two values of one name and the zone itself are one commit") {
  CHECK(play_nic("present",
                 login + zones() + records("") + addition("one") + addition("two") + records("") +
                     addition("three", "@") + commit,
                 {{"_acme-challenge.example.com", "one", 60},
                  {"_acme-challenge.example.com", "two", 60},
                  {"example.com", "three", 60}})
            .status == CERTO_OK);
}

TEST_CASE("nicru: cleanup removes our value only") {
  const std::string found = login + zones() + records(foreign + held("7", "_acme-challenge", "\"new\"")) +
                            asked("DELETE", of_zone + "/records/7");
  CHECK(play_nic("cleanup", found + answered("") + commit).status == CERTO_OK);
  CHECK(play_nic("cleanup", found + failed("4101", "RR not found", "404") + commit).status == CERTO_OK);
}

TEST_CASE("nicru: what is done already needs a commit only if the zone has changes") {
  CHECK(play_nic("present", login + zones() + records(held("7", "_acme-challenge", "new"))).status ==
        CERTO_OK);
  CHECK(play_nic("present", login + zones("true") + records(held("7", "_acme-challenge", "new")) + commit)
            .status == CERTO_OK);
  CHECK(play_nic("cleanup", login + zones() + records(foreign)).status == CERTO_OK);
}

TEST_CASE("nicru: refusals are reported in the service's words") {
  const Outcome wrong = play_nic("present", token_question + "< 401\n< {\"error\":\"invalid_client\"}\n");
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why.find("invalid_client") != std::string::npos);
  CHECK(wrong.why.find("secret") == std::string::npos);
  const Outcome refused = play_nic("present", login + zones() + asked("GET", of_zone + "/records") +
                                                  failed("4097", "Access to the service is denied"));
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why ==
        "GET https://api.nic.ru/dns-master/services/SVC/zones/EXAMPLE.COM/records answered 200: 4097 "
        "Access to the service is denied");
  CHECK(play_nic("present", login + asked("GET", "/zones") + answered("")).status == CERTO_NO_ZONE);
}

TEST_CASE("nicru: a service in trouble") {
  const auto played = [](const std::string& transcript) { return play_nic("present", transcript); };
  check_trouble(played, token_question);
  check_trouble(played, login + zones() + asked("GET", of_zone + "/records"));
}
