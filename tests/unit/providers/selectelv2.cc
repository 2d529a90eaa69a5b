// Selectel, from https://developers.selectel.ru/docs/cloud-services/dns_api/dns_api_actual/ and the tests of
// https://github.com/selectel/domains-go/tree/master/pkg/v2/testing
#include "fixtures/keystone.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values selectel_settings = {{"SELECTELV2_USERNAME", "me"},
                                            {"SELECTELV2_PASSWORD", "secret"},
                                            {"SELECTELV2_ACCOUNT_ID", "123456"},
                                            {"SELECTELV2_PROJECT_ID", "p1"}};
const Record selectel_record = {"_acme-challenge.example.com", "new", 30};

Outcome play_selectel(const char* action, const std::string& transcript,
                      std::vector<Record> records = {selectel_record},
                      provider::Values settings = selectel_settings) {
  return play("selectelv2", action, std::move(records), std::move(settings), transcript);
}

std::string asked(const std::string& scope = R"({"id":"p1"})", const std::string& domain = "123456") {
  return keystone_request("https://cloud.api.selcloud.ru/identity/v3/auth/tokens",
                          R"({"identity":{"methods":["password"],"password":{"user":{"name":"me","domain":)"
                          R"({"name":")" +
                              domain + R"("},"password":"secret"}}},"scope":{"project":)" + scope + "}}");
}

const std::string login = asked() + keystone_reply("https://unused.example");

std::string call(const std::string& method, const std::string& path, const std::string& answer,
                 const std::string& body = "", const std::string& status = "200") {
  return "> " + method + " https://api.selectel.ru/domains/v2/zones" + path + "\n> X-Auth-Token: T0k\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + status +
         "\n< " + answer + "\n";
}

std::string page(const std::string& result, const std::string& next = "0") {
  return R"({"count":1,"next_offset":)" + next + R"(,"result":[)" + result + "]}";
}

const std::string zone =
    "> ZONE _acme-challenge.example.com\n< example.com\n" +
    call("GET", "?filter=example.com&limit=100&offset=0",
         page(R"({"id":"z0","name":"www.example.com."},{"id":"z1","name":"example.com."})"));

std::string sets_question(const std::string& offset = "0") {
  return "/z1/rrset?rrset_types=TXT&name=_acme-challenge.example.com&limit=100&offset=" + offset;
}

std::string sets(const std::string& list) { return call("GET", sets_question(), page(list)); }

std::string held(const std::string& records) {
  return R"({"id":"r1","name":"_acme-challenge.example.com.","type":"TXT","ttl":600,"records":[)" + records +
         "]}";
}

std::string text(const std::string& value, const std::string& disabled = "false") {
  return R"({"content":"\")" + value + R"(\"","disabled":)" + disabled + "}";
}

const std::string sample_addition =
    login + zone + sets(held(text("foreign") + "," + text("new", "true"))) +
    call("PATCH", "/z1/rrset/r1", "",
         R"({"ttl":600,"records":[)" + text("foreign") + "," + text("new", "true") + "," + text("new") + "]}",
         "204");

}  // namespace

TEST_CASE("selectelv2: a value is added to the RRset, and records of others stay, disabled ones, too") {
  CHECK(play_selectel("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("selectelv2: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("selectelv2", "present", {selectel_record}, selectel_settings, sample_addition) ==
        0);
}

TEST_CASE("selectelv2: a new RRset with two values") {
  CHECK(
      play_selectel("present",
                    login + zone + sets("") +
                        call("POST", "/z1/rrset", "{}",
                             R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,"records":[)" +
                                 text("one") + "," + text("two") + "]}"),
                    {{"_acme-challenge.example.com", "one", 30}, {"_acme-challenge.example.com", "two", 30}})
          .status == CERTO_OK);
}

TEST_CASE("selectelv2: cleanup removes our value only, and the RRset if it was the last") {
  CHECK(play_selectel("cleanup", login + zone + sets(held(text("foreign") + "," + text("new"))) +
                                     call("PATCH", "/z1/rrset/r1", "",
                                          R"({"ttl":600,"records":[)" + text("foreign") + "]}", "204"))
            .status == CERTO_OK);
  CHECK(play_selectel("cleanup",
                      login + zone + sets(held(text("new"))) + call("DELETE", "/z1/rrset/r1", "", "", "404"))
            .status == CERTO_OK);
}

TEST_CASE("selectelv2: nothing is changed if no change is needed; page two") {
  CHECK(play_selectel("cleanup", login + zone + sets(held(text("foreign")))).status == CERTO_OK);
  CHECK(play_selectel("present", login + zone +
                                     call("GET", sets_question(),
                                          page(R"({"id":"r0","name":"a.example.com."})", "100")) +
                                     call("GET", sets_question("100"), page(held(text("new")))))
            .status == CERTO_OK);
  // An offset that does not grow would never end.
  CHECK(play_selectel("cleanup", login + zone + call("GET", sets_question(), page("", "100")) +
                                     call("GET", sets_question("100"), page("", "100")))
            .status == CERTO_OK);
}

TEST_CASE("selectelv2: a project by its name, a user of another account, and another place to log in") {
  provider::Values settings = selectel_settings;
  settings.erase("SELECTELV2_PROJECT_ID");
  CHECK(play_selectel("present", "", {selectel_record}, settings).status == CERTO_CONFIG);
  settings["SELECTELV2_PROJECT_NAME"] = "web";
  settings["SELECTELV2_USER_DOMAIN_NAME"] = "99";
  settings["SELECTELV2_AUTH_URL"] = "https://cloud.api.selcloud.ru/identity/v3/";
  CHECK(play_selectel("cleanup",
                      asked(R"({"name":"web","domain":{"name":"123456"}})", "99") +
                          keystone_reply("https://unused.example") + zone + sets(""),
                      {selectel_record}, settings)
            .status == CERTO_OK);
}

TEST_CASE("selectelv2: refusals and services in trouble") {
  CHECK(play_selectel("present", asked() + keystone_refusal()).status == CERTO_CONFIG);
  const Outcome refused = play_selectel(
      "present", login + zone + sets("") +
                     call("POST", "/z1/rrset", R"({"error":"bad_request","description":"quota"})",
                          R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,"records":[)" +
                              text("new") + "]}",
                          "400"));
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why ==
        "POST https://api.selectel.ru/domains/v2/zones/z1/rrset answered 400: bad_request: quota");
  const auto played = [](const std::string& transcript) { return play_selectel("present", transcript); };
  check_trouble(played, asked());
  const std::string question = call("GET", sets_question(), "");
  check_trouble(played, login + zone + question.substr(0, question.find("< ")));
}
