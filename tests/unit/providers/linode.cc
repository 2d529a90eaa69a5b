// Linode, from its documentation: https://techdocs.akamai.com/linode-api/reference/get-domain-records
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"LINODE_TOKEN", "secret"}};
const Record sample_record = {"_acme-challenge.example.org", "new", 60};
const std::string sample_api = "https://api.linode.com/v4/domains";

Outcome play_linode(const char* action, const std::string& transcript) {
  return play("linode", action, {sample_record}, sample_settings, transcript);
}

std::string ask(const std::string& line) { return "> " + line + "\n> Authorization: Bearer secret\n"; }

std::string page(const std::string& path, int number, int pages, const std::string& list) {
  return ask("GET " + sample_api + path + "?page_size=500&page=" + std::to_string(number)) +
         "< 200\n< {\"data\":[" + list + "],\"page\":" + std::to_string(number) +
         ",\"pages\":" + std::to_string(pages) + ",\"results\":501}\n";
}

std::string zone(const std::string& id, const std::string& name) {
  return R"({"domain":")" + name + R"(","id":)" + id + R"(,"status":"active","type":"master","ttl_sec":300})";
}

std::string record(const std::string& id, const std::string& target) {
  return R"({"id":)" + id + R"(,"name":"_acme-challenge","target":")" + target +
         R"(","ttl_sec":300,"type":"TXT","priority":0,"weight":0,"port":0,"service":null,"protocol":null})";
}

const std::string found_reply =
    page("", 1, 2, zone("1", "example.com")) + page("", 2, 2, zone("1234", "example.org"));

}  // namespace

TEST_CASE("linode: the zone is on the second page, and a record is added next to a foreign one") {
  const std::string addition = found_reply + page("/1234/records", 1, 1, record("7", "foreign")) +
                               ask("POST " + sample_api + "/1234/records") +
                               "> Content-Type: application/json\n> \n"
                               R"(> {"type":"TXT","name":"_acme-challenge","target":"new","ttl_sec":300})"
                               "\n< 200\n< " +
                               record("8", "new") + "\n";
  CHECK(play_linode("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("linode", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("linode: an existing record is not added again") {
  CHECK(play_linode("present", found_reply + page("/1234/records", 1, 1, record("8", "new"))).status ==
        CERTO_OK);
}

TEST_CASE("linode: cleanup removes our value and leaves the foreign one") {
  CHECK(play_linode("cleanup", found_reply + page("/1234/records", 1, 2, record("7", "foreign")) +
                                   page("/1234/records", 2, 2, record("8", "new")) +
                                   ask("DELETE " + sample_api + "/1234/records/8") + "< 200\n< {}\n")
            .status == CERTO_OK);
  CHECK(play_linode("cleanup", found_reply + page("/1234/records", 1, 1, record("7", "foreign"))).status ==
        CERTO_OK);
}

TEST_CASE("linode: a wrong token, no such zone, and a rate limit") {
  const std::string question = ask("GET " + sample_api + "?page_size=500&page=1");
  const Outcome refused =
      play_linode("present", question + "< 401\n< {\"errors\":[{\"reason\":\"Invalid Token\"}]}\n");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("Invalid Token"));
  CHECK(play_linode("present", page("", 1, 1, zone("1", "example.com"))).status == CERTO_NO_ZONE);
  CHECK(play_linode("present", question + "< 429\n< {\"errors\":[{\"reason\":\"Too many requests\"}]}\n")
            .status == CERTO_LATER);
}
