// ALL-INKL.COM, from https://kasapi.kasserver.com/dokumentation/phpdoc/packages/API%20Funktionen.html and the
// recorded replies in https://github.com/go-acme/lego/tree/master/providers/dns/allinkl/internal/fixtures
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values kas_settings = {{"ALL_INKL_LOGIN", "w0123"}, {"ALL_INKL_PASSWORD", "a<b"}};
const Record kas_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_kas(const char* action, const std::string& transcript,
                 std::vector<Record> records = {kas_record}, provider::Values settings = kas_settings) {
  return play("allinkl", action, std::move(records), std::move(settings), transcript);
}

std::string in_xml(std::string json) {
  for (size_t at = json.find('"'); at != json.npos; at = json.find('"')) json.replace(at, 1, "&quot;");
  return json;
}

std::string sent(const std::string& service, const std::string& name_space, const std::string& params) {
  return "> POST https://kasapi.kasserver.com/soap/" + service +
         ".php\n> Content-Type: text/xml; charset=utf-8\n> SOAPAction: \"" + name_space + "#" + service +
         "\"\n> \n> <?xml version=\"1.0\" encoding=\"UTF-8\"?><e:Envelope "
         "xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><k:" +
         service + " xmlns:k=\"" + name_space + "\"><Params>" + in_xml(params) + "</Params></k:" + service +
         "></e:Body></e:Envelope>\n";
}

std::string in_envelope(const std::string& content, const std::string& status = "200") {
  return "< " + status +
         "\n< <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n< <SOAP-ENV:Envelope "
         "xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\">\n< <SOAP-ENV:Body>" +
         content + "</SOAP-ENV:Body></SOAP-ENV:Envelope>\n";
}

std::string fault(const std::string& words, const std::string& detail = "",
                  const std::string& status = "200") {
  return in_envelope("<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>" + words +
                         "</faultstring><faultactor>KasApi</faultactor><detail>" + detail +
                         "</detail></SOAP-ENV:Fault>",
                     status);
}

std::string login(const std::string& type = "plain", const std::string& data = "a&lt;b") {
  return sent("KasAuth", "urn:xmethodsKasApiAuthentication",
              R"({"kas_login":"w0123","kas_auth_type":")" + type + R"(","kas_auth_data":")" + data +
                  R"(","session_lifetime":600,"session_update_lifetime":"Y"})");
}

const std::string token = in_envelope(
    "<ns1:KasAuthResponse><return xsi:type=\"xsd:string\">session</return></ns1:KasAuthResponse>");

std::string call(const std::string& action, const std::string& params,
                 const std::string& session = "session") {
  return sent("KasApi", "urn:xmethodsKasApi",
              R"({"kas_login":"w0123","kas_auth_type":"session","kas_auth_data":")" + session +
                  R"(","kas_action":")" + action + R"(","KasRequestParams":{)" + params + "}}");
}

std::string item(const std::string& key, const std::string& value) {
  return "<item><key xsi:type=\"xsd:string\">" + key + "</key><value xsi:type=\"xsd:string\">" + value +
         "</value></item>";
}

std::string result(const std::string& info, const std::string& delay = "0.0",
                   const std::string& state = "TRUE") {
  return in_envelope("<ns1:KasApiResponse><return xsi:type=\"ns2:Map\">" +
                     item("Request", item("KasRequestTime", "1624993260")) +
                     item("Response", item("KasFloodDelay", delay) + item("ReturnString", state) +
                                          item("ReturnInfo", info)) +
                     "</return></ns1:KasApiResponse>");
}

std::string held(const std::string& id, const std::string& name, const std::string& data,
                 const std::string& type = "TXT") {
  return "<item xsi:type=\"ns2:Map\">" + item("record_zone", "example.com") + item("record_name", name) +
         item("record_type", type) + item("record_data", data) + item("record_aux", "0") +
         item("record_id", id) + item("record_changeable", "Y") + "</item>";
}

std::string zone_question(const std::string& name, const std::string& session = "session") {
  return call("get_dns_settings", "\"zone_host\":\"" + name + ".\"", session);
}

std::string zone(const std::string& records) { return zone_question("example.com") + result(records); }

std::string addition(const std::string& value, const std::string& name = "_acme-challenge") {
  return call("add_dns_settings", R"("zone_host":"example.com.","record_type":"TXT","record_name":")" + name +
                                      R"(","record_data":")" + value + R"(","record_aux":0)");
}

std::string removal(const std::string& id) {
  return call("delete_dns_settings", R"("record_id":")" + id + "\"");
}

const std::string begun = login() + token;
const std::string foreign = held("0", "", "ns5.kasserver.com.", "NS") +
                            held("1", "_acme-challenge", "foreign") + held("2", "", "new") +
                            held("3", "_acme-challenge", "new", "CNAME");
const std::string sample_addition = begun + zone(foreign) + addition("new") + result("57347444");

}  // namespace

TEST_CASE("allinkl: a value is added next to existing ones") {
  CHECK(play_kas("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("allinkl: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("allinkl", "present", {kas_record}, kas_settings, sample_addition) == 0);
}

TEST_CASE("allinkl: two values of one name, a name below, and the zone itself") {
  const std::vector<Record> batch = {{"_acme-challenge.example.com", "one", 60},
                                     {"_acme-challenge.example.com", "two", 60},
                                     {"_acme-challenge.www.example.com", "three", 60},
                                     {"example.com", "four", 60}};
  CHECK(play_kas("present",
                 begun + zone("") + addition("one") + result("1") + addition("two") + result("2") +
                     zone_question("www.example.com") + fault("zone_not_found", "www.example.com") +
                     addition("three", "_acme-challenge.www") + result("3") + addition("four", "") +
                     result("4"),
                 batch)
            .status == CERTO_OK);
}

TEST_CASE("allinkl: cleanup removes our value only, by its id") {
  CHECK(play_kas("cleanup",
                 begun + zone(foreign + held("7", "_acme-challenge", "new")) + removal("7") + result(""))
            .status == CERTO_OK);
}

TEST_CASE("allinkl: what is done already is a success") {
  CHECK(play_kas("present", begun + zone(held("7", "_acme-challenge", "new"))).status == CERTO_OK);
  CHECK(play_kas("cleanup", begun + zone(foreign)).status == CERTO_OK);
  CHECK(play_kas("present", begun + zone("") + addition("new") + fault("record_already_exists")).status ==
        CERTO_OK);
  CHECK(play_kas("cleanup", begun + zone(held("7", "_acme-challenge", "new")) + removal("7") +
                                fault("record_id_not_found"))
            .status == CERTO_OK);
}

TEST_CASE("allinkl: a wrong password, another type of credentials, and a session") {
  const Outcome wrong = play_kas("present", login() + fault("kas_password_incorrect"));
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why == "the credentials are refused: kas_password_incorrect");
  CHECK(play_kas("present", login() + fault("kas_password_incorrect", "", "500")).status == CERTO_CONFIG);

  provider::Values settings = kas_settings;
  settings["ALL_INKL_AUTH_TYPE"] = "SHA1";
  CHECK(play_kas("cleanup", login("sha1") + token + zone(""), {kas_record}, settings).status == CERTO_OK);
  settings["ALL_INKL_AUTH_TYPE"] = "session";
  settings["ALL_INKL_PASSWORD"] = "open";
  CHECK(
      play_kas("cleanup", zone_question("example.com", "open") + result(""), {kas_record}, settings).status ==
      CERTO_OK);
}

TEST_CASE("allinkl: a call that comes too early is sent again") {
  const std::string early = zone_question("example.com") + fault("flood_protection", "0.0018529014587");
  CHECK(play_kas("cleanup", begun + early + zone_question("example.com") + result("", "0.001")).status ==
        CERTO_OK);
  CHECK(play_kas("cleanup", begun + early + early + early + early + early).status == CERTO_LATER);
  CHECK(play_kas("cleanup", begun + zone_question("example.com") + fault("flood_protection", "40")).status ==
        CERTO_LATER);
  CHECK(
      play_kas("cleanup", begun + zone_question("example.com") + fault("flood_protection", "long")).status ==
      CERTO_LATER);
}

TEST_CASE("allinkl: refusals are reported in the service's words") {
  const Outcome refused =
      play_kas("present", begun + zone("") + addition("new") + fault("dns_settings_not_allowed"));
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why == "add_dns_settings answered dns_settings_not_allowed");
  CHECK(play_kas("present", begun + zone("") + addition("new") + result("", "0.0", "FALSE")).status ==
        CERTO_FAILED);
  const Outcome none = play_kas("present", begun + zone_question("example.com") + fault("zone_not_found"));
  CHECK(none.status == CERTO_NO_ZONE);
}

TEST_CASE("allinkl: a service in trouble") {
  const auto played = [](const std::string& transcript) { return play_kas("present", transcript); };
  check_trouble(played, login());
  check_trouble(played, begun + zone_question("example.com"));
  CHECK(played(login() + in_envelope("")).status == CERTO_UNREACHABLE);
  CHECK(played(login() + in_envelope("<r><return/></r>")).status == CERTO_UNREACHABLE);
  CHECK(played(begun + zone_question("example.com") + in_envelope("<r><return>1</return></r>")).status ==
        CERTO_UNREACHABLE);
}
