// Hurricane Electric, from https://dns.he.net/docs.html and the codes of
// https://help.dyn.com/remote-access-api/return-codes/, which it answers with
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values he_settings = {
    {"HURRICANE_TOKENS", "other.example:k0, Example.com : k=1,_acme-challenge.www.example.com:k2"}};
const Record he_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_he(const char* action, const std::string& transcript, Record record = he_record,
                provider::Values settings = he_settings) {
  return play("hurricane", action, {std::move(record)}, std::move(settings), transcript);
}

std::string asked(const std::string& value, const std::string& key = "k%3D1",
                  const std::string& name = "_acme-challenge.example.com") {
  return "> POST https://dyn.dns.he.net/nic/update\n> Content-Type: application/x-www-form-urlencoded\n> \n> "
         "hostname=" +
         name + "&password=" + key + "&txt=" + value + "\n";
}

}  // namespace

TEST_CASE("hurricane: a value is set, and replaced by a dot") {
  CHECK(play_he("present", asked("new") + "< 200\n< good \"new\"\n").status == CERTO_OK);
  CHECK(play_he("present", asked("new") + "< 200\n< nochg \"new\"\n").status == CERTO_OK);
  CHECK(play_he("cleanup", asked(".") + "< 200\n< good\n").status == CERTO_OK);
}

TEST_CASE("hurricane: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("hurricane", "present", {he_record}, he_settings,
                          asked("new") + "< 200\n< good \"new\"\n") == 0);
}

TEST_CASE("hurricane: which key belongs to a name") {
  CHECK(play_he("present", asked("new", "k2", "_acme-challenge.www.example.com") + "< 200\n< good\n",
                {"_acme-challenge.www.example.com", "new", 60})
            .status == CERTO_OK);
  CHECK(play_he("present", "", {"_acme-challenge.a.example.com", "new", 60}).why ==
        "HURRICANE_TOKENS has no key for _acme-challenge.a.example.com");
  CHECK(play_he("present", asked("new", "only") + "< 200\n< good\n", he_record, {{"HURRICANE_KEY", "only"}})
            .status == CERTO_OK);
}

TEST_CASE("hurricane: codes of the service") {
  const auto answered = [](const std::string& code) {
    return play_he("present", asked("new") + "< 200\n< " + code + "\n");
  };
  CHECK(answered("badauth").status == CERTO_CONFIG);
  CHECK(answered("badauth").why.find("k=1") == std::string::npos);
  CHECK(answered("nohost").status == CERTO_CONFIG);
  CHECK(answered("nohost").why.find("https://dns.he.net") != std::string::npos);
  CHECK(answered("interval").status == CERTO_LATER);
  CHECK(answered("911").status == CERTO_UNREACHABLE);
  CHECK(answered("badagent").status == CERTO_FAILED);
}

TEST_CASE("hurricane: a service in trouble") {
  check_trouble([](const std::string& transcript) { return play_he("present", transcript); }, asked("new"));
}
