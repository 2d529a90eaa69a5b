// Loopia, from its documentation: https://www.loopia.com/api/getzonerecords/,
// https://www.loopia.com/api/addzonerecord/, https://www.loopia.com/api/removezonerecord/,
// https://www.loopia.com/api/removesubdomain/, https://www.loopia.com/api/record_obj/ and
// https://www.loopia.com/api/status/
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values loopia_settings = {{"LOOPIA_API_USER", "me@loopiaapi"},
                                          {"LOOPIA_API_PASSWORD", "s&cret"}};
const Record loopia_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_loopia(const char* action, const std::string& transcript,
                    std::vector<Record> records = {loopia_record},
                    provider::Values settings = loopia_settings) {
  return play("loopia", action, std::move(records), std::move(settings), transcript);
}

std::string text(const std::string& value) { return "<value><string>" + value + "</string></value>"; }
std::string integer(const std::string& value) { return "<value><int>" + value + "</int></value>"; }

std::string asked(const std::string& method, const std::string& below, const std::string& more = "",
                  const std::string& url = "https://api.loopia.se/RPCSERV") {
  return "> POST " + url +
         "\n> Content-Type: text/xml\n> \n> <?xml version=\"1.0\"?><methodCall><methodName>" + method +
         "</methodName><params><param>" + text("me@loopiaapi") + "</param><param>" + text("s&amp;cret") +
         "</param><param>" + text("example.com") + "</param><param>" + text(below) + "</param>" + more +
         "</params></methodCall>\n";
}

std::string answered(const std::string& value) {
  return "< 200\n< <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n< <methodResponse><params><param>" + value +
         "</param></params></methodResponse>\n";
}

std::string fault(const std::string& code, const std::string& words) {
  return "< 200\n< <methodResponse><fault><value><struct><member><name>faultCode</name>" + integer(code) +
         "</member><member><name>faultString</name>" + text(words) +
         "</member></struct></value></fault></methodResponse>\n";
}

std::string held(const std::string& id, const std::string& type, const std::string& data) {
  return "<value><struct><member><name>type</name>" + text(type) + "</member><member><name>ttl</name>" +
         integer("300") + "</member><member><name>priority</name>" + integer("0") +
         "</member><member><name>rdata</name>" + text(data) + "</member><member><name>record_id</name>" +
         integer(id) + "</member></struct></value>";
}

std::string list(const std::string& records, const std::string& below = "_acme-challenge") {
  return asked("getZoneRecords", below) +
         answered("<value><array><data>" + records + "</data></array></value>");
}

std::string addition(const std::string& value, const std::string& below = "_acme-challenge",
                     const std::string& ttl = "300") {
  return asked(
      "addZoneRecord", below,
      "<param><value><struct><member><name>type</name>" + text("TXT") + "</member><member><name>ttl</name>" +
          integer(ttl) + "</member><member><name>priority</name>" + integer("0") +
          "</member><member><name>rdata</name>" + text(value) + "</member><member><name>record_id</name>" +
          integer("0") + "</member></struct></value></param>");
}

std::string removal(const std::string& id, const std::string& below = "_acme-challenge") {
  return asked("removeZoneRecord", below, "<param>" + integer(id) + "</param>");
}

const std::string ok = answered(text("OK"));
const std::string told = "> ZONE _acme-challenge.example.com\n< example.com\n";
const std::string foreign = held("1", "TXT", "foreign") + held("2", "CNAME", "new");
const std::string sample_addition = told + list(foreign) + addition("new") + ok;

}  // namespace

TEST_CASE("loopia: a value is added next to existing ones") {
  CHECK(play_loopia("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("loopia: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("loopia", "present", {loopia_record}, loopia_settings, sample_addition) == 0);
}

TEST_CASE("loopia: two values of one name, a name below, and the zone itself") {
  const std::vector<Record> batch = {{"_acme-challenge.example.com", "one", 600},
                                     {"_acme-challenge.example.com", "two", 600},
                                     {"_acme-challenge.a.b.example.com", "three", 600},
                                     {"example.com", "four", 600}};
  CHECK(play_loopia("present",
                    "> ZONE _acme-challenge.a.b.example.com\n< example.com\n" +
                        list("", "_acme-challenge.a.b") + addition("three", "_acme-challenge.a.b", "600") +
                        ok + told + list("") + addition("one", "_acme-challenge", "600") + ok +
                        addition("two", "_acme-challenge", "600") + ok +
                        "> ZONE example.com\n< example.com\n" + list("", "@") + addition("four", "@", "600") +
                        ok,
                    batch)
            .status == CERTO_OK);
}

TEST_CASE("loopia: cleanup removes our value only, and the name if nothing is left") {
  CHECK(play_loopia("cleanup", told + list(foreign + held("7", "TXT", "new")) + removal("7") + ok).status ==
        CERTO_OK);
  const std::string last = told + list(held("7", "TXT", "\"new\"")) + removal("7") + ok;
  CHECK(play_loopia("cleanup", last + asked("removeSubdomain", "_acme-challenge") + ok).status == CERTO_OK);
  CHECK(play_loopia("cleanup",
                    "> ZONE example.com\n< example.com\n" + list(held("7", "TXT", "new"), "@") +
                        removal("7", "@") + ok,
                    {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("loopia: nothing is changed if no change is needed") {
  CHECK(play_loopia("present", told + list(held("7", "TXT", "new"))).status == CERTO_OK);
  CHECK(play_loopia("cleanup", told + list(foreign)).status == CERTO_OK);
  CHECK(play_loopia("cleanup", told + list("")).status == CERTO_OK);
}

TEST_CASE("loopia: the service explains a refusal by a status") {
  const auto refused = [](const std::string& status) {
    return play_loopia("present", told + list("") + addition("new") + answered(text(status)));
  };
  CHECK(refused("AUTH_ERROR").status == CERTO_CONFIG);
  CHECK(refused("RATE_LIMITED").status == CERTO_LATER);
  CHECK(refused("BAD_INDATA").status == CERTO_FAILED);
  CHECK(refused("BAD_INDATA").why == "addZoneRecord answered BAD_INDATA");

  const std::string wrong = answered("<value><array><data>" + text("AUTH_ERROR") + "</data></array></value>");
  const Outcome outcome = play_loopia("present", told + asked("getZoneRecords", "_acme-challenge") + wrong);
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.why.find("s&cret") == std::string::npos);
}

TEST_CASE("loopia: a fault") {
  const auto faulty = [](const std::string& code) {
    return play_loopia(
        "present", told + asked("getZoneRecords", "_acme-challenge") + fault(code, "Method signature error"));
  };
  CHECK(faulty("429").status == CERTO_LATER);
  CHECK(faulty("620").status == CERTO_FAILED);
  CHECK(faulty("620").why == "getZoneRecords answered 620: Method signature error");
}

TEST_CASE("loopia: the API of another country, and a zone that the user names") {
  provider::Values settings = loopia_settings;
  settings["LOOPIA_API_URL"] = "https://api.loopia.no/RPCSERV";
  settings["LOOPIA_ZONE"] = "example.com";
  CHECK(play_loopia("cleanup",
                    asked("getZoneRecords", "_acme-challenge", "", "https://api.loopia.no/RPCSERV") +
                        answered("<value><array><data/></array></value>"),
                    {loopia_record}, settings)
            .status == CERTO_OK);
}

TEST_CASE("loopia: a service in trouble") {
  const auto played = [](const std::string& transcript) { return play_loopia("present", transcript); };
  check_trouble(played, told + asked("getZoneRecords", "_acme-challenge"));
  const std::string read = told + asked("getZoneRecords", "_acme-challenge");
  CHECK(played(read + "< 200\n< <methodResponse/>\n").status == CERTO_UNREACHABLE);
  CHECK(played(read + answered("<value><array/></value>")).status == CERTO_UNREACHABLE);
  CHECK(played(read + answered(integer("one"))).status == CERTO_UNREACHABLE);
  CHECK(
      played(read + answered("<value><array><data><value><struct/></value></data></array></value>")).status ==
      CERTO_FAILED);
}
