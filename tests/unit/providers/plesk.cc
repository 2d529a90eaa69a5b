// Plesk, from
// https://docs.plesk.com/en-US/obsidian/api-rpc/about-xml-api/reference/managing-dns/managing-dns-records.34796/
// and https://docs.plesk.com/en-US/obsidian/api-rpc/about-xml-api/error-codes.33693/
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values plesk_settings = {{"PLESK_SERVER_BASE_URL", "https://plesk.example:8443/"},
                                         {"PLESK_USERNAME", "me"},
                                         {"PLESK_PASSWORD", "secret"}};
const Record plesk_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_plesk(const char* action, const std::string& transcript,
                   std::vector<Record> records = {plesk_record}, provider::Values settings = plesk_settings) {
  return play("plesk", action, std::move(records), std::move(settings), transcript);
}

std::string asked(const std::string& packet) {
  return "> POST https://plesk.example:8443/enterprise/control/agent.php\n> HTTP_AUTH_LOGIN: me\n> "
         "HTTP_AUTH_PASSWD: secret\n> Content-Type: text/xml\n> \n> <packet>" +
         packet + "</packet>\n";
}

std::string answered(const std::string& content) {
  return "< 200\n< <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n< <packet version=\"1.6.9.1\">" + content +
         "</packet>\n";
}

std::string error(const std::string& code, const std::string& text) {
  return "<result><status>error</status><errcode>" + code + "</errcode><errtext>" + text +
         "</errtext></result>";
}

std::string site_question(const std::string& name = "example.com") {
  return asked("<site><get><filter><name>" + name +
               "</name></filter><dataset><gen_info/></dataset></get></site>");
}

const std::string site = site_question() + answered(
                                               "<site><get><result><status>ok</status><filter-id>example.com"
                                               "</filter-id><id>3</id><data/></result></get></site>");
const std::string records_question =
    asked("<dns><get_rec><filter><site-id>3</site-id></filter></get_rec></dns>");

std::string records(const std::string& list) {
  return records_question + answered("<dns><get_rec>" + list + "</get_rec></dns>");
}

std::string held(const std::string& id, const std::string& host, const std::string& value,
                 const std::string& type = "TXT") {
  return "<result><status>ok</status><id>" + id + "</id><data><site-id>3</site-id><type>" + type +
         "</type><host>" + host + "</host><value>" + value + "</value><opt/></data></result>";
}

std::string addition(const std::string& value, const std::string& host = "_acme-challenge") {
  const std::string below = host.empty() ? "<host/>" : "<host>" + host + "</host>";
  return asked("<dns><add_rec><site-id>3</site-id><type>TXT</type>" + below + "<value>" + value +
               "</value></add_rec></dns>");
}

std::string removal(const std::string& id) {
  return asked("<dns><del_rec><filter><id>" + id + "</id></filter></del_rec></dns>");
}

std::string done(const std::string& command) {
  return answered("<dns><" + command + "><result><status>ok</status><id>9</id></result></" + command +
                  "></dns>");
}

const std::string foreign = held("1", "_acme-challenge.example.com.", "foreign") +
                            held("2", "example.com.", "new") +
                            held("3", "_acme-challenge.example.com.", "new", "CNAME");
const std::string none = records(error("1013", "DNS record does not exist."));
const std::string sample_addition = site + records(foreign) + addition("new") + done("add_rec");

}  // namespace

TEST_CASE("plesk: a value is added next to existing ones") {
  CHECK(play_plesk("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("plesk: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("plesk", "present", {plesk_record}, plesk_settings, sample_addition) == 0);
}

TEST_CASE("plesk: two values of one name, a name below, and the site itself") {
  const std::vector<Record> batch = {{"_acme-challenge.example.com", "one", 60},
                                     {"_acme-challenge.example.com", "two", 60},
                                     {"_acme-challenge.www.example.com", "three", 60},
                                     {"example.com", "four", 60}};
  CHECK(play_plesk("present",
                   site + none + addition("one") + done("add_rec") + addition("two") + done("add_rec") +
                       site_question("www.example.com") +
                       answered("<site><get>" + error("1013", "Site does not exist") + "</get></site>") +
                       none + addition("three", "_acme-challenge.www") + done("add_rec") + none +
                       addition("four", "") + done("add_rec"),
                   batch)
            .status == CERTO_OK);
}

TEST_CASE("plesk: cleanup removes our value only; what is done already is a success") {
  const std::string found = site + records(foreign + held("7", "_acme-challenge.example.com.", "new"));
  CHECK(play_plesk("cleanup", found + removal("7") + done("del_rec")).status == CERTO_OK);
  CHECK(play_plesk("cleanup", found + removal("7") +
                                  answered("<dns><del_rec>" + error("1013", "DNS record does not exist.") +
                                           "</del_rec></dns>"))
            .status == CERTO_OK);
  CHECK(play_plesk("present", found).status == CERTO_OK);
  CHECK(play_plesk("cleanup", site + records(foreign)).status == CERTO_OK);
}

TEST_CASE("plesk: the URL of the XML API, as acme.sh has it") {
  provider::Values settings = plesk_settings;
  settings["PLESK_SERVER_BASE_URL"] = "https://plesk.example:8443/enterprise/control/agent.php";
  CHECK(play_plesk("cleanup", site + none, {plesk_record}, settings).status == CERTO_OK);
}

TEST_CASE("plesk: refusals are reported in the server's words") {
  const Outcome wrong = play_plesk(
      "present",
      site_question() + answered("<system><status>error</status><errcode>1001</errcode><errtext>You have "
                                 "entered incorrect username or password.</errtext></system>"));
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why ==
        "the credentials are refused: Plesk answered 1001: You have entered incorrect username or password.");
  CHECK(
      play_plesk("present", site_question() + answered("<site><get>" + error("1013", "no") + "</get></site>"))
          .status == CERTO_NO_ZONE);
  const Outcome refused = play_plesk(
      "present", site + none + addition("new") +
                     answered("<dns><add_rec>" + error("1019", "Incorrect DNS record") + "</add_rec></dns>"));
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why == "add_rec answered 1019: Incorrect DNS record");
}

TEST_CASE("plesk: a server in trouble") {
  const auto played = [](const std::string& transcript) { return play_plesk("present", transcript); };
  check_trouble(played, site_question());
  check_trouble(played, site + records_question);
  CHECK(played(site_question() + answered("")).status == CERTO_UNREACHABLE);
}
