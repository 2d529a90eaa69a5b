// Joker.com's Dynamic DNS, from https://joker.com/faq/content/6/496/en/let_s-encrypt-support.html
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values svc_settings = {{"JOKER_USERNAME", "me"}, {"JOKER_PASSWORD", "s&t"}};
const Record svc_record = {"_acme-challenge.example.com", "new", 120};

Outcome play_svc(const char* action, const std::string& transcript, Record record = svc_record) {
  return play("jokersvc", action, {std::move(record)}, svc_settings, transcript);
}

std::string asked(const std::string& value, const std::string& label = "_acme-challenge") {
  return "> POST https://svc.joker.com/nic/replace\n> Content-Type: application/x-www-form-urlencoded\n> \n> "
         "username=me&password=s%26t&zone=example.com&label=" +
         label + "&type=TXT&value=" + value + "\n";
}

const std::string told = "> ZONE _acme-challenge.example.com\n< example.com\n";
const std::string ok = "< 200\n< OK: 1 inserted, 0 deleted\n";

}  // namespace

TEST_CASE("jokersvc: a value is set, and cleared") {
  CHECK(play_svc("present", told + asked("new") + ok).status == CERTO_OK);
  CHECK(play_svc("cleanup", told + asked("") + ok).status == CERTO_OK);
  CHECK(play_svc("present", "> ZONE example.com\n< example.com\n" + asked("new", "%40") + ok,
                 {"example.com", "new", 60})
            .status == CERTO_OK);
}

TEST_CASE("jokersvc: a change of any byte of a request is noticed") {
  CHECK(unnoticed_changes("jokersvc", "present", {svc_record}, svc_settings, told + asked("new") + ok) == 0);
}

TEST_CASE("jokersvc: refusals and a service in trouble") {
  const Outcome wrong = play_svc("present", told + asked("new") + "< 200\n< badauth: wrong password\n");
  CHECK(wrong.status == CERTO_CONFIG);
  const Outcome refused = play_svc("present", told + asked("new") + "< 200\n< nohost: no such zone\n");
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why == "POST https://svc.joker.com/nic/replace answered 200: nohost: no such zone");
  check_trouble([](const std::string& transcript) { return play_svc("present", transcript); },
                told + asked("new"));
}
