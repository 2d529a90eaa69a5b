// bunny.net, from its documentation:
// https://docs.bunny.net/api-reference/core/dns-zone/list-dns-zones
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"BUNNY_API_KEY", "secret"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};
const std::string sample_api = "https://api.bunny.net/dnszone";

Outcome play_bunny(const char* action, const std::string& transcript, const Record& record = sample_record) {
  return play("bunny", action, {record}, sample_settings, transcript);
}

std::string ask(const std::string& line) {
  return "> " + line + "\n> AccessKey: secret\n> Accept: application/json\n";
}

std::string zone(const std::string& id, const std::string& domain) {
  return R"({"Id":)" + id + R"(,"Domain":")" + domain +
         R"(","Records":[],"NameserversDetected":true,"Nameserver1":"kiki.bunny.net"})";
}

std::string zones(const std::string& name, const std::string& list) {
  return ask("GET " + sample_api + "?search=" + name) + "< 200\n< {\"Items\":[" + list +
         "],\"CurrentPage\":1,\"TotalItems\":1,\"HasMoreItems\":false}\n";
}

const std::string found_reply =
    zones("_acme-challenge.example.com", "") + zones("example.com", zone("42", "example.com"));

std::string record(const std::string& id, const std::string& value, const std::string& type = "3") {
  return R"({"Id":)" + id + R"(,"Type":)" + type + R"(,"Ttl":60,"Value":")" + value +
         R"(","Name":"_acme-challenge","Weight":100,"Priority":0,"Port":0,"Disabled":false,"Comment":null})";
}

std::string records(const std::string& list) {
  return ask("GET " + sample_api + "/42") + R"(< 200
< {"Id":42,"Domain":"example.com","Records":[)" +
         list + "]}\n";
}

const std::string put = ask("PUT " + sample_api + "/42/records") +
                        "> Content-Type: application/json\n> \n"
                        R"(> {"Type":3,"Name":"_acme-challenge","Value":"new","Ttl":60})"
                        "\n< 201\n< " +
                        record("7", "new") + "\n";

const std::string delete_reply = ask("DELETE " + sample_api + "/42/records/7");

}  // namespace

TEST_CASE("bunny: a record is added to an empty name, and next to a foreign one") {
  CHECK(play_bunny("present", found_reply + records("") + put).status == CERTO_OK);
  const std::string addition = found_reply + records(record("6", "foreign")) + put;
  CHECK(play_bunny("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("bunny", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("bunny: an existing record is not added again") {
  CHECK(play_bunny("present", found_reply + records(record("7", "new"))).status == CERTO_OK);
  CHECK(play_bunny("present", found_reply + records(record("7", "new", "\"TXT\""))).status == CERTO_OK);
}

TEST_CASE("bunny: cleanup removes our value, leaves the foreign one and other types") {
  const std::string removal =
      found_reply +
      records(record("5", "new", "2") + "," + record("6", "foreign") + "," + record("7", "new")) +
      delete_reply + "< 204\n";
  CHECK(play_bunny("cleanup", removal).status == CERTO_OK);
  CHECK(unnoticed_changes("bunny", "cleanup", {sample_record}, sample_settings, removal) == 0);
}

TEST_CASE("bunny: a record that is already gone, or goes meanwhile, is a success") {
  CHECK(play_bunny("cleanup", found_reply + records(record("6", "foreign"))).status == CERTO_OK);
  CHECK(play_bunny("cleanup", found_reply + records(record("7", "new")) + delete_reply +
                                  R"(< 404
< {"ErrorKey":"dnszone.record.not_found","Field":"Id","Message":"The requested DNS Record was not found"}
)")
            .status == CERTO_OK);
}

TEST_CASE("bunny: of the zones that a search finds, the one with the very name is taken") {
  CHECK(play_bunny("cleanup",
                   zones("_acme-challenge.example.com", "") +
                       zones("example.com", zone("41", "myexample.com") + "," + zone("42", "example.com") +
                                                "," + zone("43", "example.com.br")) +
                       records(""))
            .status == CERTO_OK);
}

TEST_CASE("bunny: the zone's own name is empty") {
  const std::string addition = zones("example.com", zone("42", "example.com")) + records("") +
                               ask("PUT " + sample_api + "/42/records") +
                               "> Content-Type: application/json\n> \n"
                               R"(> {"Type":3,"Name":"","Value":"new","Ttl":60})"
                               "\n< 201\n< {}\n";
  CHECK(play_bunny("present", addition, {"example.com", "new", 60}).status == CERTO_OK);
}

TEST_CASE("bunny: a zone of many records comes as one reply, of more than 1 MiB") {
  std::string many = record("7", "new");
  for (int i = 100; many.size() < (3 << 19); ++i) many += "," + record(std::to_string(i), "foreign");
  CHECK(play_bunny("cleanup", found_reply + records(many) + delete_reply + "< 204\n").status == CERTO_OK);
}

TEST_CASE("bunny: a wrong key, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "?search=_acme-challenge.example.com");
  const Outcome refused = play_bunny(
      "present",
      question +
          "< 401\n< {\"ErrorKey\":\"unauthorized\",\"Message\":\"The request authorization failed\"}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("The request authorization failed"));
  CHECK(refused.why.find("secret") == std::string::npos);
  CHECK(play_bunny("present", zones("_acme-challenge.example.com", "") +
                                  zones("example.com", zone("41", "myexample.com")))
            .status == CERTO_NO_ZONE);
  CHECK(play_bunny("present", question + "< 429\n").status == CERTO_LATER);
}
