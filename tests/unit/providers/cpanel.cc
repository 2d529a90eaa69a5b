// cPanel and WHM, from https://api.docs.cpanel.net/openapi/cpanel/operation/dns-parse_zone/,
// https://api.docs.cpanel.net/openapi/cpanel/operation/dns-mass_edit_zone/,
// https://api.docs.cpanel.net/openapi/whm/operation/parse_dns_zone/ and
// https://api.docs.cpanel.net/openapi/whm/operation/mass_edit_dns_zone/
#include "base/text.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values cpanel_settings = {
    {"CPANEL_BASE_URL", "https://cp.example:2083"}, {"CPANEL_USERNAME", "me"}, {"CPANEL_TOKEN", "secret"}};
const Record cpanel_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_cpanel(const char* action, const std::string& transcript,
                    std::vector<Record> records = {cpanel_record},
                    provider::Values settings = cpanel_settings) {
  return play("cpanel", action, std::move(records), std::move(settings), transcript);
}

std::string get(const std::string& path) {
  return "> GET https://cp.example:2083" + path +
         "\n> Authorization: cpanel me:secret\n> Accept: application/json\n";
}

std::string answered(const std::string& data, const std::string& status = "1",
                     const std::string& errors = "null") {
  return R"(< 200
< {"metadata":{"transformed":1},"messages":null,"status":)" +
         status + R"(,"warnings":null,"errors":)" + errors + R"(,"data":)" + data + "}\n";
}

std::string in_base64(const std::string& text) { return "\"" + base64(as_bytes(text)) + "\""; }

std::string line(const std::string& index, const std::string& name, const std::string& type,
                 const std::vector<std::string>& data) {
  std::string list;
  for (const std::string& part : data) list += (list.empty() ? "" : ",") + in_base64(part);
  return R"({"line_index":)" + index + R"(,"type":"record","ttl":14400,"record_type":")" + type +
         R"(","dname_b64":)" + in_base64(name) + R"(,"data_b64":[)" + list + "]}";
}

const std::string soa = R"({"line_index":0,"type":"control","text_b64":"JFRUTA=="},)" +
                        line("3", "example.com.", "SOA",
                             {"ns1.example.net.", "me.example.net.", "2026010101", "1", "2", "3", "4"});

std::string zone_question(const std::string& name = "example.com") {
  return get("/execute/DNS/parse_zone?zone=" + name);
}

std::string zone(const std::string& lines) {
  return zone_question() + answered("[" + soa + (lines.empty() ? "" : "," + lines) + "]");
}

std::string edit(const std::string& serial, const std::string& change, const std::string& next) {
  return get("/execute/DNS/mass_edit_zone?zone=example.com&serial=" + serial + change) +
         answered("{\"new_serial\":\"" + next + "\"}");
}

std::string addition(const std::string& value, const std::string& name = "_acme-challenge.example.com") {
  return "&add=%7B%22dname%22%3A%22" + name +
         ".%22%2C%22ttl%22%3A60%2C%22record_type%22%3A%22TXT%22%2C%22data%22%3A%5B%22" + value + "%22%5D%7D";
}

const std::string foreign = line("7", "_acme-challenge", "TXT", {"foreign"}) + "," +
                            line("8", "@", "TXT", {"new"}) + "," +
                            line("9", "_acme-challenge", "CNAME", {"new"});
const std::string sample_addition = zone(foreign) + edit("2026010101", addition("new"), "2026010102");

}  // namespace

TEST_CASE("cpanel: a value is added as a line of the zone") {
  CHECK(play_cpanel("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("cpanel: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("cpanel", "present", {cpanel_record}, cpanel_settings, sample_addition) == 0);
}

TEST_CASE(
    "cpanel: two values of one name and the zone itself, each with the serial number of the edit before") {
  CHECK(play_cpanel("present",
                    zone("") + edit("2026010101", addition("one"), "2026010102") +
                        edit("2026010102", addition("two"), "2026010103") +
                        edit("2026010103", addition("three", "example.com"), "2026010104"),
                    {{"_acme-challenge.example.com", "one", 60},
                     {"_acme-challenge.example.com", "two", 60},
                     {"example.com", "three", 60}})
            .status == CERTO_OK);
}

TEST_CASE("cpanel: cleanup removes our lines only, the last one first") {
  const std::string ours = line("4", "_acme-challenge.example.com.", "TXT", {"one"}) + "," + foreign + "," +
                           line("12", "_ACME-challenge", "TXT", {"t", "wo"});
  CHECK(play_cpanel("cleanup",
                    zone(ours) + edit("2026010101", "&remove=12", "2026010102") +
                        edit("2026010102", "&remove=4", "2026010103"),
                    {{"_acme-challenge.example.com", "one", 60}, {"_acme-challenge.example.com", "two", 60}})
            .status == CERTO_OK);
}

TEST_CASE("cpanel: nothing is changed if no change is needed") {
  CHECK(play_cpanel("present", zone(line("4", "_acme-challenge", "TXT", {"new"}))).status == CERTO_OK);
  CHECK(play_cpanel("cleanup", zone(foreign)).status == CERTO_OK);
}

TEST_CASE("cpanel: WHM") {
  provider::Values settings = cpanel_settings;
  settings["CPANEL_MODE"] = "WHM";
  const auto whm = [](const std::string& path, const std::string& data, const std::string& state) {
    return "> GET https://cp.example:2083/json-api/" + path +
           "\n> Authorization: whm me:secret\n> Accept: application/json\n< 200\n< {\"data\":" + data +
           ",\"metadata\":{\"command\":\"c\",\"version\":1," + state + "}}\n";
  };
  const std::string ok = R"("reason":"OK","result":1)";
  CHECK(play_cpanel(
            "present",
            whm("parse_dns_zone?api.version=1&zone=example.com", "{\"payload\":[" + soa + "]}", ok) +
                whm("mass_edit_dns_zone?api.version=1&zone=example.com&serial=2026010101" + addition("new"),
                    "{\"new_serial\":2026010102}", ok),
            {cpanel_record}, settings)
            .status == CERTO_OK);
  const Outcome none = play_cpanel(
      "present",
      whm("parse_dns_zone?api.version=1&zone=example.com", "null", R"("reason":"Access denied","result":0)"),
      {cpanel_record}, settings);
  CHECK(none.status == CERTO_CONFIG);
  settings["CPANEL_MODE"] = "plesk";
  CHECK(play_cpanel("present", "", {cpanel_record}, settings).why == "CPANEL_MODE must be cpanel or whm");
}

TEST_CASE("cpanel: refusals are reported in the server's words") {
  const std::string not_mine = answered("null", "0", R"(["You do not have control of the domain."])");
  const Outcome none = play_cpanel("present", zone_question() + not_mine);
  CHECK(none.status == CERTO_CONFIG);
  CHECK(
      none.why ==
      "the credentials show no zone for _acme-challenge.example.com: You do not have control of the domain.");
  const Outcome late = play_cpanel(
      "present", zone("") +
                     get("/execute/DNS/mass_edit_zone?zone=example.com&serial=2026010101" + addition("new")) +
                     answered("null", "0", R"(["The given serial number does not match."])"));
  CHECK(late.status == CERTO_FAILED);
  CHECK(late.why ==
        "GET https://cp.example:2083/execute/DNS/mass_edit_zone: The given serial number does not match.");
}

TEST_CASE("cpanel: a server in trouble") {
  const auto played = [](const std::string& transcript) { return play_cpanel("present", transcript); };
  check_trouble(played, zone_question());
  CHECK(played(zone_question() + answered("[]")).status == CERTO_FAILED);
  CHECK(played(zone_question() + answered("{}")).status == CERTO_UNREACHABLE);
  CHECK(played(zone_question() + answered("[" + soa +
                                          R"(,{"line_index":4,"type":"record","record_type":"TXT",)"
                                          R"("dname_b64":"?","data_b64":["?"]}])"))
            .status == CERTO_UNREACHABLE);
}
