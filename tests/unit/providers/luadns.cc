// LuaDNS, from its documentation: https://luadns.com/api.html
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"LUADNS_API_USERNAME", "me@example.com"},
                                          {"LUADNS_API_TOKEN", "secret"}};
const Record sample_record = {"_acme-challenge.www.example.com", "new", 60};
const std::string sample_api = "https://api.luadns.com/v1/zones";

Outcome play_luadns(const char* action, const std::string& transcript) {
  return play("luadns", action, {sample_record}, sample_settings, transcript);
}

std::string ask(const std::string& line) {
  return "> " + line + "\n> Authorization: Basic bWVAZXhhbXBsZS5jb206c2VjcmV0\n> Accept: application/json\n";
}

std::string zone(const std::string& id, const std::string& name) {
  return R"({"id":)" + id + R"(,"name":")" + name + R"(","synced":false,"records_count":3,"template_id":0})";
}

std::string page(const std::string& path, const std::string& number, const std::string& list) {
  return ask("GET " + sample_api + path + "?limit=100&page=" + number) + "< 200\n< [" + list + "]\n";
}

/// A hundred of `item`: a full page.
std::string full(const std::string& item) {
  std::string list = item;
  for (int i = 1; i < 100; ++i) list += "," + item;
  return list;
}

const std::string found_reply = page("", "1", zone("2", "example.net") + "," + zone("1", "example.com"));

std::string record(const std::string& id, const std::string& content) {
  return R"({"id":)" + id + R"(,"name":"_acme-challenge.www.example.com.","type":"TXT","content":")" +
         content + R"(","ttl":300,"zone_id":1,"created_at":"2015-01-17T14:04:35.251785849Z"})";
}

std::string records(const std::string& list, const std::string& number = "1") {
  return page("/1/records", number, list);
}

const std::string post =
    ask("POST " + sample_api + "/1/records") +
    "> Content-Type: application/json\n> \n"
    R"(> {"name":"_acme-challenge.www.example.com.","type":"TXT","content":"new","ttl":300})"
    "\n< 200\n< " +
    record("100", "new") + "\n";

const std::string delete_reply = ask("DELETE " + sample_api + "/1/records/100");

std::string error(const std::string& status, const std::string& name, const std::string& message) {
  return "< " + status + "\n< {\"status\":\"" + name + "\",\"request_id\":\"2f3a\",\"message\":\"" + message +
         "\"}\n";
}

}  // namespace

TEST_CASE("luadns: a record is added to an empty name, and next to a foreign one") {
  CHECK(play_luadns("present", found_reply + records("") + post).status == CERTO_OK);
  const std::string addition = found_reply + records(record("99", "foreign")) + post;
  CHECK(play_luadns("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("luadns", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("luadns: an existing record is not added again, with or without quotes") {
  CHECK(play_luadns("present", found_reply + records(record("100", "new"))).status == CERTO_OK);
  CHECK(play_luadns("present", found_reply + records(record("100", R"(\"new\")"))).status == CERTO_OK);
}

TEST_CASE("luadns: our value on the second page") {
  const std::string removal = found_reply + records(full(record("99", "foreign"))) +
                              records(record("100", "new"), "2") + delete_reply + "< 200\n< " +
                              record("100", "new") + "\n";
  CHECK(play_luadns("cleanup", removal).status == CERTO_OK);
}

TEST_CASE("luadns: cleanup removes our value and leaves the foreign one") {
  const std::string removal = found_reply + records(record("99", "foreign") + "," + record("100", "new")) +
                              delete_reply + "< 200\n< " + record("100", "new") + "\n";
  CHECK(play_luadns("cleanup", removal).status == CERTO_OK);
  CHECK(unnoticed_changes("luadns", "cleanup", {sample_record}, sample_settings, removal) == 0);
}

TEST_CASE("luadns: a record that is already gone, or goes meanwhile, is a success") {
  CHECK(play_luadns("cleanup", found_reply + records(record("99", "foreign"))).status == CERTO_OK);
  CHECK(play_luadns("cleanup", found_reply + records(record("100", "new")) + delete_reply +
                                   error("404", "Not Found", "Record not found."))
            .status == CERTO_OK);
}

TEST_CASE("luadns: a zone on the second page") {
  CHECK(play_luadns("cleanup", page("", "1", full(zone("2", "example.net"))) +
                                   page("", "2", zone("1", "example.com")) + records(""))
            .status == CERTO_OK);
}

TEST_CASE("luadns: a wrong key, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "?limit=100&page=1");
  const Outcome refused =
      play_luadns("present", question + error("401", "Unauthorized", "Authentication failed."));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Authentication failed."));
  CHECK(refused.why.find("secret") == std::string::npos);
  CHECK(play_luadns("present", page("", "1", zone("2", "example.net"))).status == CERTO_NO_ZONE);
  CHECK(play_luadns("present", question + error("429", "Too Many Requests", "Slow down.")).status ==
        CERTO_LATER);
}
