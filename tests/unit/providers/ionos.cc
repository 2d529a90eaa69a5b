// IONOS, from its documentation: https://developer.hosting.ionos.com/docs/dns
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"IONOS_API_KEY", "public.secret"}};
const Record sample_record = {"_acme-challenge.www.example.com", "new", 60};
const std::string sample_api = "https://api.hosting.ionos.com/dns/v1/zones";

Outcome play_ionos(const char* action, const std::string& transcript,
                   const provider::Values& settings = sample_settings) {
  return play("ionos", action, {sample_record}, settings, transcript);
}

std::string ask(const std::string& line) {
  return "> " + line + "\n> X-API-Key: public.secret\n> Accept: application/json\n";
}

std::string zone(const std::string& name, const std::string& id) {
  return R"({"name":")" + name + R"(","id":")" + id + R"(","type":"NATIVE"})";
}

std::string zones(const std::string& list) { return ask("GET " + sample_api) + "< 200\n< [" + list + "]\n"; }

const std::string found_reply = zones(zone("example.org", "22af") + "," + zone("example.com", "11af-34"));

std::string record(const std::string& id, const std::string& content) {
  return R"({"id":")" + id +
         R"(","name":"_acme-challenge.www.example.com","rootName":"example.com","type":"TXT","content":"\")" +
         content + R"(\"","changeDate":"2019-12-09T13:04:25.772Z","ttl":60,"prio":0,"disabled":false})";
}

std::string records(const std::string& list) {
  return ask("GET " + sample_api + "/11af-34?recordName=_acme-challenge.www.example.com&recordType=TXT") +
         R"(< 200
< {"id":"11af-34","name":"example.com","type":"NATIVE","records":[)" +
         list + "]}\n";
}

const std::string post =
    ask("POST " + sample_api + "/11af-34/records") +
    "> Content-Type: application/json\n> \n"
    R"(> [{"name":"_acme-challenge.www.example.com","type":"TXT","content":"new","ttl":60,"prio":0,"disabled":false}])"
    "\n< 201\n< [" +
    record("33af", "new") + "]\n";

const std::string delete_reply = ask("DELETE " + sample_api + "/11af-34/records/33af");

}  // namespace

TEST_CASE("ionos: a record is added to an empty name, and next to a foreign one") {
  CHECK(play_ionos("present", found_reply + records("") + post).status == CERTO_OK);
  const std::string addition = found_reply + records(record("32af", "foreign")) + post;
  CHECK(play_ionos("present", addition).status == CERTO_OK);
  CHECK(unnoticed_changes("ionos", "present", {sample_record}, sample_settings, addition) == 0);
}

TEST_CASE("ionos: an existing record is not added again") {
  CHECK(play_ionos("present", found_reply + records(record("33af", "new"))).status == CERTO_OK);
}

TEST_CASE("ionos: cleanup removes our value and leaves the foreign one") {
  const std::string removal = found_reply + records(record("32af", "foreign") + "," + record("33af", "new")) +
                              delete_reply + "< 200\n";
  CHECK(play_ionos("cleanup", removal).status == CERTO_OK);
  CHECK(unnoticed_changes("ionos", "cleanup", {sample_record}, sample_settings, removal) == 0);
}

TEST_CASE("ionos: a record that is already gone, or goes meanwhile, is a success") {
  CHECK(play_ionos("cleanup", found_reply + records(record("32af", "foreign"))).status == CERTO_OK);
  CHECK(play_ionos("cleanup", found_reply + records(record("33af", "new")) + delete_reply +
                                  R"(< 404
< [{"code":"RECORD_NOT_FOUND","message":"Record does not exist."}]
)")
            .status == CERTO_OK);
}

TEST_CASE("ionos: the longest zone that fits is taken") {
  CHECK(play_ionos("cleanup", zones(zone("example.com", "11af-34") + "," + zone("www.example.com", "44af")) +
                                  ask("GET " + sample_api +
                                      "/44af?recordName=_acme-challenge.www.example.com&recordType=TXT") +
                                  "< 200\n< {\"id\":\"44af\",\"name\":\"www.example.com\",\"records\":[]}\n")
            .status == CERTO_OK);
}

TEST_CASE("ionos: the key's two parts may be set one by one") {
  CHECK(play_ionos("present", found_reply + records(record("33af", "new")),
                   {{"IONOS_PREFIX", "public"}, {"IONOS_SECRET", "secret"}})
            .status == CERTO_OK);
}

TEST_CASE("ionos: a wrong key, no such zone, and a rate limit") {
  const Outcome refused = play_ionos("present", ask("GET " + sample_api) + R"(< 401
< [{"code":"UNAUTHORIZED","message":"The customer is not authorized to do this operation."}]
)");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("The customer is not authorized to do this operation."));
  CHECK(refused.why.find("secret") == std::string::npos);
  CHECK(play_ionos("present", zones(zone("example.org", "22af"))).status == CERTO_NO_ZONE);
  CHECK(play_ionos("present", ask("GET " + sample_api) + "< 429\n").status == CERTO_LATER);
  const Outcome broken =
      play_ionos("present", ask("GET " + sample_api) + "< 500\n< [{\"code\":\"INTERNAL_SERVER_ERROR\"}]\n");
  CHECK(broken.status == CERTO_UNREACHABLE);
  CHECK(broken.why.ends_with("INTERNAL_SERVER_ERROR"));
}
