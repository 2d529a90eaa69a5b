// acme-dns, from its documentation: https://github.com/joohoi/acme-dns#api
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;
using provider::Values;

namespace {

const Values sample_settings = {{"ACMEDNS_USERNAME", "c36f50e8"},
                                {"ACMEDNS_PASSWORD", "htB9mR9DYgcu"},
                                {"ACMEDNS_SUBDOMAIN", "8e5700ea"},
                                {"ACMEDNS_BASE_URL", "https://auth.example/"}};
const Values stored = {
    {"ACMEDNS_STORAGE_FILE",
     R"({"example.com":{"fulldomain":"8e5700ea.auth.example","subdomain":"8e5700ea","username":"c36f50e8",)"
     R"("password":"htB9mR9DYgcu","server_url":"https://auth.example"},)"
     R"("example.net":{"fulldomain":"d420c923.auth.acme-dns.io","subdomain":"d420c923","username":"eabcdb41",)"
     R"("password":"pbAXVjlIOE01"}})"}};
const Record sample_record = {"8e5700ea.auth.example", "new", 60};

Outcome play_acmedns(const char* action, const std::string& transcript,
                     std::vector<Record> records = {sample_record}, Values settings = sample_settings) {
  return play("acmedns", action, std::move(records), std::move(settings), transcript);
}

std::string update(const std::string& value, const std::string& answer) {
  return "> POST https://auth.example/update\n> X-Api-User: c36f50e8\n> X-Api-Key: htB9mR9DYgcu\n"
         "> Content-Type: application/json\n> \n> {\"subdomain\":\"8e5700ea\",\"txt\":\"" +
         value + "\"}\n< " + answer + "\n";
}

std::string update(const std::string& value) { return update(value, "200\n< {\"txt\": \"" + value + "\"}"); }

}  // namespace

TEST_CASE("acmedns: a value is added at the CNAME's target, and those of apex and wildcard coexist") {
  CHECK(play_acmedns("present", update("new")).status == CERTO_OK);
  const std::vector<Record> both = {{sample_record.name, "one", 60}, {sample_record.name, "two", 60}};
  CHECK(play_acmedns("present", update("one") + update("two"), both).status == CERTO_OK);
}

TEST_CASE("acmedns: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("acmedns", "present", {sample_record}, sample_settings, update("new")) == 0);
}

TEST_CASE("acmedns: cleanup asks nothing, because older values give way by themselves") {
  CHECK(play_acmedns("cleanup", "").status == CERTO_OK);
}

TEST_CASE("acmedns: the account is found in lego's file by the name that the CNAME leads to") {
  CHECK(play_acmedns("present", update("new"), {sample_record}, stored).status == CERTO_OK);
  const std::string public_server =
      "> POST https://auth.acme-dns.io/update\n> X-Api-User: eabcdb41\n> X-Api-Key: pbAXVjlIOE01\n"
      "> Content-Type: application/json\n> \n> {\"subdomain\":\"d420c923\",\"txt\":\"new\"}\n"
      "< 200\n< {\"txt\":\"new\"}\n";
  const Record other = {"d420c923.auth.acme-dns.io", "new", 60};
  CHECK(play_acmedns("present", public_server, {other}, stored).status == CERTO_OK);
  CHECK(play_acmedns("present", update("new") + public_server, {other, sample_record}, stored).status ==
        CERTO_OK);
}

TEST_CASE("acmedns: a server in the settings has priority over the file's") {
  Values settings = stored;
  settings["ACMEDNS_API_BASE"] = "https://other.example/";
  std::string transcript = update("new");
  transcript.replace(transcript.find("auth.example"), 12, "other.example");
  CHECK(play_acmedns("present", transcript, {sample_record}, settings).status == CERTO_OK);
}

TEST_CASE("acmedns: a missing CNAME is spelled out") {
  const std::vector<Record> bare = {{"_acme-challenge.example.com", "new", 60}};
  for (const Values& settings : {sample_settings, stored}) {
    const Outcome outcome = play_acmedns("present", "", bare, settings);
    CHECK(outcome.status == CERTO_NO_ZONE);
    CHECK(outcome.why ==
          "_acme-challenge.example.com is not a CNAME: add the record '_acme-challenge.example.com. CNAME "
          "8e5700ea.auth.example.'");
  }
}

TEST_CASE("acmedns: a name without an account, and a file without accounts") {
  const std::vector<Record> foreign = {{"0000.auth.example", "new", 60}};
  CHECK(play_acmedns("present", "", foreign).why ==
        "0000.auth.example is not the name of the account 8e5700ea");
  CHECK(play_acmedns("present", "", foreign, stored).status == CERTO_NO_ZONE);
  CHECK(play_acmedns("present", "", {{"_acme-challenge.example.org", "new", 60}}, stored).why ==
        "no account in ACMEDNS_STORAGE_FILE has the name _acme-challenge.example.org");
  for (const char* content : {"hush", "[]", R"({"example.com":{"password":"hush"}})", R"({"a":1})"}) {
    const Outcome outcome = play_acmedns("present", "", {sample_record}, {{"ACMEDNS_STORAGE_FILE", content}});
    CHECK(outcome.status == CERTO_CONFIG);
    CHECK(outcome.why.find("ACMEDNS_STORAGE_FILE") == 0);
    CHECK(outcome.why.find("hush") == std::string::npos);
  }
}

TEST_CASE("acmedns: three values do not fit, which is reported before the first is sent") {
  const std::vector<Record> three = {
      {sample_record.name, "one", 60}, {sample_record.name, "two", 60}, {sample_record.name, "three", 60}};
  const Outcome outcome = play_acmedns("present", "", three);
  CHECK(outcome.status == CERTO_FAILED);
  CHECK(outcome.why.starts_with("8e5700ea.auth.example holds two values, but 3 are needed"));
}

TEST_CASE("acmedns: refusals, and a server in trouble") {
  const Outcome refused = play_acmedns("present", update("new", "401\n< {\"error\": \"forbidden\"}"));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("answered 401: forbidden"));
  CHECK(refused.why.find("htB9mR9DYgcu") == std::string::npos);
  const Outcome bad = play_acmedns("present", update("new", "400\n< {\"error\": \"bad_txt\"}"));
  CHECK(bad.status == CERTO_FAILED);
  CHECK(bad.why == "POST https://auth.example/update answered 400: bad_txt");
  CHECK(play_acmedns("present", update("new", "429")).status == CERTO_LATER);
  CHECK(play_acmedns("present", update("new", "500\n< {\"error\":\"db_error\"}")).status ==
        CERTO_UNREACHABLE);
  CHECK(play_acmedns("present", update("new", "lost")).why == "the connection broke");
  CHECK(play_acmedns("present", update("new", "200\n< <html>")).status == CERTO_UNREACHABLE);
  CHECK(play_acmedns("present", update("new", "200\n< {\"txt\":\"old\"}")).status == CERTO_UNREACHABLE);
}
