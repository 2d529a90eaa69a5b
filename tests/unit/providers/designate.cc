// OpenStack Designate, from https://docs.openstack.org/api-ref/dns/dns-api-v2-index.html and
// https://docs.openstack.org/api-ref/identity/v3/index.html
#include "fixtures/keystone.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values password_settings = {{"OS_AUTH_URL", "https://keystone.example:5000"},
                                            {"OS_USERNAME", "me"},
                                            {"OS_PASSWORD", "secret"},
                                            {"OS_PROJECT_NAME", "web"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_designate(const char* action, const std::string& transcript,
                       std::vector<Record> records = {sample_record},
                       provider::Values settings = password_settings) {
  return play("designate", action, std::move(records), std::move(settings), transcript);
}

std::string asked(const std::string& auth, const std::string& url = "https://keystone.example:5000/v3") {
  return keystone_request(url + "/auth/tokens", auth);
}

const std::string by_password =
    R"({"identity":{"methods":["password"],"password":{"user":{"name":"me","domain":{"id":"default"},)"
    R"("password":"secret"}}},"scope":{"project":{"name":"web","domain":{"id":"default"}}}})";
const std::string login = asked(by_password) + keystone_reply("https://dns.example/");

std::string get(const std::string& path) {
  return "> GET https://dns.example/v2" + path + "\n> X-Auth-Token: T0k\n> Accept: application/json\n";
}

std::string change(const std::string& method, const std::string& path, const std::string& body = "",
                   const std::string& status = "202") {
  return "> " + method + " https://dns.example/v2" + path +
         "\n> X-Auth-Token: T0k\n> Accept: application/json\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + status +
         "\n< {}\n";
}

std::string zones(const std::string& name, const std::string& list) {
  return get("/zones?name=" + name + ".") + "< 200\n< {\"zones\":[" + list +
         "],\"links\":{\"self\":\"https://dns.example/v2/zones\"},\"metadata\":{\"total_count\":1}}\n";
}

const std::string sets_question = get("/zones/z1/recordsets?type=TXT&name=_acme-challenge.example.com.");
const std::string zone = zones("_acme-challenge.example.com", "") +
                         zones("example.com", R"({"id":"z1","name":"example.com.","status":"ACTIVE"})");

std::string sets(const std::string& list) {
  return sets_question + "< 200\n< {\"recordsets\":[" + list + "]}\n";
}

std::string held(const std::string& records, const std::string& name = "_acme-challenge.example.com.") {
  return R"({"id":"r1","name":")" + name + R"(","type":"TXT","ttl":300,"description":null,"records":[)" +
         records + "]}";
}

const std::string sample_addition =
    login + zone + sets(held(R"("\"foreign\"")")) +
    change("PUT", "/zones/z1/recordsets/r1", R"({"ttl":300,"records":["\"foreign\"","\"new\""]})");

}  // namespace

TEST_CASE("designate: a value is added to the record set, and values of others stay") {
  CHECK(play_designate("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("designate: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("designate", "present", {sample_record}, password_settings, sample_addition) == 0);
}

TEST_CASE("designate: a new record set with two values; the zone that DNS tells") {
  const std::vector<Record> batch = {{"_acme-challenge.example.com", "one", 60},
                                     {"_acme-challenge.example.com", "two", 60}};
  CHECK(play_designate("present",
                       login + "> ZONE _acme-challenge.example.com\n< example.com\n" +
                           zones("example.com", R"({"id":"z1","name":"example.com."})") +
                           sets(held(R"("\"x\"")", "a._acme-challenge.example.com.")) +
                           change("POST", "/zones/z1/recordsets",
                                  R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,)"
                                  R"("records":["\"one\"","\"two\""]})"),
                       batch)
            .status == CERTO_OK);
}

TEST_CASE("designate: cleanup removes our value, with or without quotes, and the set if it was the last") {
  CHECK(play_designate("cleanup", login + zone + sets(held(R"("\"foreign\"","new")")) +
                                      change("PUT", "/zones/z1/recordsets/r1",
                                             R"({"ttl":300,"records":["\"foreign\""]})"))
            .status == CERTO_OK);
  const std::string last = login + zone + sets(held(R"("\"new\"")"));
  CHECK(play_designate("cleanup", last + change("DELETE", "/zones/z1/recordsets/r1")).status == CERTO_OK);
  CHECK(play_designate("cleanup", last + change("DELETE", "/zones/z1/recordsets/r1", "", "404")).status ==
        CERTO_OK);
}

TEST_CASE("designate: nothing is changed if no change is needed") {
  CHECK(play_designate("present", login + zone + sets(held(R"("new")"))).status == CERTO_OK);
  CHECK(play_designate("cleanup", login + zone + sets(held(R"("foreign")"))).status == CERTO_OK);
  CHECK(play_designate("cleanup", login + zone + sets("")).status == CERTO_OK);
}

TEST_CASE("designate: application credentials by id, and by name with a user") {
  provider::Values settings = {{"OS_AUTH_URL", "https://keystone.example:5000/v3/"},
                               {"OS_APPLICATION_CREDENTIAL_ID", "c1"},
                               {"OS_APPLICATION_CREDENTIAL_SECRET", "s1"},
                               {"OS_REGION_NAME", "west"}};
  const std::string rest = zone + sets("");
  CHECK(play_designate("cleanup",
                       asked(R"({"identity":{"methods":["application_credential"],"application_credential":)"
                             R"({"id":"c1","secret":"s1"}}})") +
                           keystone_reply("https://dns.example/v2", "west") + rest,
                       {sample_record}, settings)
            .status == CERTO_OK);
  settings.erase("OS_APPLICATION_CREDENTIAL_ID");
  settings["OS_APPLICATION_CREDENTIAL_NAME"] = "certo";
  settings["OS_USER_ID"] = "u1";
  CHECK(play_designate("cleanup",
                       asked(R"({"identity":{"methods":["application_credential"],"application_credential":)"
                             R"({"name":"certo","user":{"id":"u1"},"secret":"s1"}}})") +
                           keystone_reply("https://dns.example", "west") + rest,
                       {sample_record}, settings)
            .status == CERTO_OK);
}

TEST_CASE("designate: domains of the user and of the project, and a project by its id") {
  provider::Values settings = password_settings;
  settings["OS_AUTH_URL"] = "https://keystone.example:5000/v2.0";
  settings["OS_USER_DOMAIN_NAME"] = "people";
  settings["OS_PROJECT_DOMAIN_ID"] = "d2";
  settings["DESIGNATE_BASE_URL"] = "https://dns.example";
  const std::string user =
      R"({"identity":{"methods":["password"],"password":{"user":{"name":"me","domain":{"name":"people"},)"
      R"("password":"secret"}}},"scope":{"project":)";
  const std::string rest = keystone_reply("https://other.example") + zone + sets("");
  CHECK(play_designate("cleanup", asked(user + R"({"name":"web","domain":{"id":"d2"}}}})") + rest,
                       {sample_record}, settings)
            .status == CERTO_OK);
  settings["OS_PROJECT_ID"] = "p1";
  CHECK(
      play_designate("cleanup", asked(user + R"({"id":"p1"}}})") + rest, {sample_record}, settings).status ==
      CERTO_OK);
}

TEST_CASE("designate: settings that do not suffice are named") {
  provider::Values settings = password_settings;
  settings.erase("OS_PROJECT_NAME");
  CHECK(play_designate("present", "", {sample_record}, settings).why ==
        "neither OS_PROJECT_NAME nor OS_PROJECT_ID is set");
  settings = {{"OS_CLOUD", "mycloud"}};
  CHECK(play_designate("present", "", {sample_record}, settings).status == CERTO_CONFIG);
  settings = password_settings;
  settings["OS_REGION_NAME"] = "north";
  CHECK(play_designate("present", login, {sample_record}, settings).why ==
        "the cloud's catalog has no service of the type dns in the region north");
}

TEST_CASE("designate: refusals are reported in the service's words") {
  const Outcome wrong = play_designate("present", asked(by_password) + keystone_refusal());
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why.find("requires authentication") != std::string::npos);
  CHECK(wrong.why.find("secret") == std::string::npos);

  const Outcome conflict = play_designate(
      "present",
      login + zone + sets("") +
          "> POST https://dns.example/v2/zones/z1/recordsets\n> X-Auth-Token: T0k\n> Accept: "
          "application/json\n> Content-Type: application/json\n> \n> "
          R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":60,"records":["\"new\""]})"
          "\n< 409\n< {\"code\":409,\"type\":\"duplicate_recordset\",\"message\":\"Duplicate RecordSet\"}\n");
  CHECK(conflict.status == CERTO_FAILED);
  CHECK(conflict.why == "POST https://dns.example/v2/zones/z1/recordsets answered 409: Duplicate RecordSet");

  CHECK(play_designate("present", login + zones("_acme-challenge.example.com", "") + zones("example.com", ""))
            .status == CERTO_NO_ZONE);
}

TEST_CASE("designate: services in trouble") {
  const auto played = [](const std::string& transcript) { return play_designate("present", transcript); };
  check_trouble(played, asked(by_password));
  check_trouble(played, login + zone + sets_question);
  CHECK(played(asked(by_password) + "< 201\n< {\"token\":{}}\n").status == CERTO_UNREACHABLE);
  CHECK(
      played(asked(by_password) + "< 201 +headers\n< x-subject-token: T0k\n< \n< {\"token\":{}}\n").status ==
      CERTO_CONFIG);
}
