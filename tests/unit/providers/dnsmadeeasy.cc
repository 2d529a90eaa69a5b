// DNS Made Easy, from its documentation: https://api-docs.dnsmadeeasy.com/ and "API V2.0 Documentation",
// whose example of a signature is the key c9b5625f-9834-4ff8-baba-4ed5f32cae55 (see the first test)
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1297543598;  // Sat, 12 Feb 2011 20:46:38 GMT
const std::string api = "https://api.dnsmadeeasy.com/V2.0/dns/managed/";

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer, const std::string& root = api) {
  const std::string date = "Sat, 12 Feb 2011 20:46:38 GMT";
  return "> " + method + " " + root + path + "\n> x-dnsme-apiKey: key\n> x-dnsme-requestDate: " + date +
         "\n> x-dnsme-hmac: " + hex(crypto::hmac("sha1", as_bytes("secret"), date)) +
         "\n> Accept: application/json\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + answer +
         "\n";
}

std::string zone(const std::string& name, const std::string& answer) {
  return ask("GET", "name?domainname=" + name, "", answer);
}
const std::string no_zone = "404\n< {\"error\":[\"Cannot find the given name.\"]}";
const std::string found_zone = zone("_acme-challenge.example.com", no_zone) +
                               zone("example.com", "200\n< {\"id\":1119443,\"name\":\"example.com\"}");

std::string record(int id, const std::string& name, const std::string& value,
                   const std::string& type = "TXT") {
  return "{\"id\":" + std::to_string(id) + ",\"name\":\"" + name + "\",\"type\":\"" + type +
         R"(","value":"\")" + value + R"(\"","ttl":60,"gtdLocation":"DEFAULT","sourceId":1119443})";
}

std::string page(const std::vector<std::string>& records, int pages = 1) {
  return "200\n< {\"totalRecords\":" + std::to_string(records.size()) +
         ",\"totalPages\":" + std::to_string(pages) + ",\"data\":[" + join(records, ",") + "]}";
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back(record(static_cast<int>(records.size()) + 1, "_acme-challenge", value));
  return ask("GET", "1119443/records?type=TXT&recordName=_acme-challenge", "", page(records));
}

std::string add(const std::string& name, const std::string& answer = "201\n< {\"id\":7}") {
  return ask("POST", "1119443/records/",
             "{\"name\":\"" + name + R"(","type":"TXT","value":"\"new\"","gtdLocation":"DEFAULT","ttl":60})",
             answer);
}

ValueService service() {
  return {.name = "dnsmadeeasy",
          .settings = {{"DNSMADEEASY_API_KEY", "key"}, {"DNSMADEEASY_API_SECRET", "secret"}},
          .now = test_time,
          .start = found_zone,
          .list = list,
          .add = add("_acme-challenge"),
          .remove = ask("DELETE", "1119443/records/2", "", "200"),
          .gone = ask("DELETE", "1119443/records/2", "", "404\n< {\"error\":[\"Cannot find the record\"]}")};
}

}  // namespace

TEST_CASE("dnsmadeeasy: the documentation's example of a signature") {
  CHECK(hex(crypto::hmac("sha1", as_bytes("c9b5625f-9834-4ff8-baba-4ed5f32cae55"),
                         "Sat, 12 Feb 2011 20:59:04 GMT")) == "b3502e6116a324f3cf4a8ed693d78bcee8d8fe3c");
}

TEST_CASE("dnsmadeeasy: records are added and removed one by one") { check_all(service()); }

TEST_CASE("dnsmadeeasy: the name of the zone itself, and records on a second page") {
  const std::string path = "1119443/records?type=TXT&recordName=";
  CHECK(play(service(), "present",
             zone("example.com", "200\n< {\"id\":1119443}") + ask("GET", path, "", page({})) + add(""),
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
  CHECK(
      play(service(), "cleanup",
           found_zone +
               ask("GET", path + "_acme-challenge", "", page({record(1, "_acme-challenge", "foreign")}, 2)) +
               ask("GET", path + "_acme-challenge&page=1", "",
                   page({record(2, "_acme-challenge", "new"), record(3, "_acme-challenge", "new", "SPF"),
                         record(4, "_acme-challenge.www", "new")},
                        2)) +
               service().remove)
          .status == CERTO_OK);
}

TEST_CASE("dnsmadeeasy: the service's words, and its sandbox") {
  CHECK(play(service(), "present", answered(found_zone, "400\n< {\"error\":[\"Rate limit exceeded\"]}"))
            .status == CERTO_LATER);
  const provider::Outcome refused = play(
      service(), "present", found_zone + list({}) + add("_acme-challenge", "400\n< {\"error\":[\"Bad.\"]}"));
  CHECK(refused.why ==
        "POST https://api.dnsmadeeasy.com/V2.0/dns/managed/1119443/records/ answered 400: Bad.");
  CHECK(
      play(service(), "present", zone("_acme-challenge.example.com", no_zone) + zone("example.com", no_zone))
          .status == CERTO_NO_ZONE);
  ValueService sandbox = service();
  sandbox.settings["DNSMADEEASY_SANDBOX"] = "true";
  CHECK(play(sandbox, "present",
             ask("GET", "name?domainname=_acme-challenge.example.com", "", "401",
                 "https://api.sandbox.dnsmadeeasy.com/V2.0/dns/managed/"))
            .status == CERTO_CONFIG);
}
