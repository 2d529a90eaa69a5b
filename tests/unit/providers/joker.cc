// Joker.com's DMAPI, from https://joker.com/faq/content/22/12/en/commonalities-for-all-requests.html and
// https://joker.com/faq/content/27/24/en/zone_get.html; the blanks in TXT values, from the tests of
// https://github.com/go-acme/lego/tree/master/providers/dns/joker/internal/dmapi
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values joker_settings = {{"JOKER_API_KEY", "k y"}};
const Record joker_record = {"_acme-challenge.example.com", "new", 120};

Outcome play_joker(const char* action, const std::string& transcript,
                   std::vector<Record> records = {joker_record}, provider::Values settings = joker_settings) {
  return play("joker", action, std::move(records), std::move(settings), transcript);
}

std::string asked(const std::string& command, const std::string& form) {
  return "> POST https://dmapi.joker.com/request/" + command +
         "\n> Content-Type: application/x-www-form-urlencoded\n> \n> " + form + "\n";
}

std::string status(const std::string& code, const std::string& text, const std::string& more = "") {
  return "< 200\n< Status-Code: " + code + "\n< Status-Text: " + text + "\n" + more;
}

const std::string done = status("0", "Command completed successfully");
const std::string login =
    asked("login", "api-key=k%20y") + status("0", "OK", "< Auth-Sid: s1\n< \n< com\n< net\n");
const std::string logout = asked("logout", "auth-sid=s1") + done;

std::string zone_question(const std::string& name = "example.com") {
  return asked("dns-zone-get", "domain=" + name + "&auth-sid=s1");
}

/// `lines` are of the reply, each with "< " and a line feed.
std::string zone(const std::string& lines) {
  return "> ZONE _acme-challenge.example.com\n< example.com\n" + zone_question() +
         status("0", "OK", "< \n" + lines);
}

std::string put(const std::string& text, const std::string& answer = done) {
  return asked("dns-zone-put", "domain=example.com&zone=" + text + "&auth-sid=s1") + answer;
}

const std::string foreign =
    "< $dyndns=yes:user:password\n< @ MX 10 mail.example.com 3600\n"
    "< _acme-challenge TXT 0 \"foreign\" 300\n";
const std::string foreign_form =
    "%24dyndns%3Dyes%3Auser%3Apassword%0A%40%20MX%2010%20mail.example.com%203600%0A"
    "_acme-challenge%20TXT%200%20%22foreign%22%20300";

std::string line(const std::string& value, const std::string& label = "_acme-challenge") {
  return label + "%20TXT%200%20%22" + value + "%22%20120";
}

const std::string sample_addition = login + zone(foreign) + put(foreign_form + "%0A" + line("new")) + logout;

}  // namespace

TEST_CASE("joker: a line is added to the zone, and every other line goes back as it was") {
  CHECK(play_joker("present", sample_addition).status == CERTO_OK);
}

TEST_CASE("joker: a change of any byte of a request is noticed, except in the logout") {
  const size_t unnoticed =
      unnoticed_changes("joker", "present", {joker_record}, joker_settings, sample_addition);
  CHECK(unnoticed == 0);
}

TEST_CASE("joker: two values of one name, a name below, and the domain itself are one change") {
  const std::vector<Record> batch = {{"_acme-challenge.example.com", "one", 120},
                                     {"_acme-challenge.example.com", "two", 120},
                                     {"_acme-challenge.www.example.com", "three", 120},
                                     {"example.com", "four", 120}};
  CHECK(play_joker("present",
                   login + zone("") + "> ZONE _acme-challenge.example.com\n< example.com\n" +
                       "> ZONE _acme-challenge.www.example.com\n< example.com\n" +
                       "> ZONE example.com\n< example.com\n" +
                       put(line("one") + "%0A" + line("two") + "%0A" + line("three", "_acme-challenge.www") +
                           "%0A" + line("four", "%40")) +
                       logout,
                   batch)
            .status == CERTO_OK);
}

TEST_CASE("joker: cleanup removes our line only; blanks that the service added do not matter") {
  CHECK(play_joker("cleanup", login +
                                  zone(foreign + "< _acme-challenge TXT 0  \"new \" 120\n"
                                                 "< _acme-challenge TXT 0  \"other \" 120\n"
                                                 "< @ TXT 0  \"v=spf1 mx -all \" 120\n") +
                                  put(foreign_form + "%0A" + line("other") + "%0A" +
                                      line("v%3Dspf1%20mx%20-all", "%40")) +
                                  logout)
            .status == CERTO_OK);
}

TEST_CASE("joker: nothing is written if no change is needed") {
  CHECK(play_joker("present", login + zone(foreign + "< _acme-challenge TXT 0 \"new\" 300\n") + logout)
            .status == CERTO_OK);
  CHECK(play_joker("cleanup", login + zone(foreign + "< www TXT 0 \"new\" 300\n") + logout).status ==
        CERTO_OK);
}

TEST_CASE("joker: a user and a password; a refused login") {
  const provider::Values settings = {{"JOKER_USERNAME", "me"}, {"JOKER_PASSWORD", "secret"}};
  const std::string with_password = asked("login", "username=me&password=secret");
  CHECK(play_joker("cleanup", with_password + status("0", "OK", "< Auth-Sid: s1\n") + zone(foreign) + logout,
                   {joker_record}, settings)
            .status == CERTO_OK);
  const Outcome wrong =
      play_joker("present", with_password + status("2200", "Authentication error"), {joker_record}, settings);
  CHECK(wrong.status == CERTO_CONFIG);
  CHECK(wrong.why.find("use --dns jokersvc") != std::string::npos);
  CHECK(wrong.why.find("secret") == std::string::npos);
}

TEST_CASE("joker: the mode of lego's that is another provider here") {
  provider::Values settings = joker_settings;
  settings["JOKER_API_MODE"] = "SVC";
  const Outcome outcome = play_joker("present", "", {joker_record}, settings);
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.why.find("--dns jokersvc") != std::string::npos);
}

TEST_CASE("joker: domains of others, and other refusals") {
  const Outcome none =
      play_joker("present", login + zone_question() + status("2202", "Authorization error") + logout);
  CHECK(none.status == CERTO_NO_ZONE);
  const Outcome refused = play_joker(
      "present", login + zone(foreign) +
                     put(foreign_form + "%0A" + line("new"), status("2304", "Object status prohibits")) +
                     logout);
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why == "dns-zone-put answered 2304: Object status prohibits");
  CHECK(play_joker("present", asked("login", "api-key=k%20y") + done).status == CERTO_UNREACHABLE);
}

TEST_CASE("joker: a service in trouble") {
  const auto played = [](const std::string& transcript) { return play_joker("present", transcript); };
  check_trouble(played, asked("login", "api-key=k%20y"));
  const std::string lost = asked("logout", "auth-sid=s1") + "< lost\n";
  CHECK(played(login + zone_question() + "< 503\n< busy\n" + lost).status == CERTO_UNREACHABLE);
  CHECK(played(login + zone_question() + "< 200\n< Status-Code: many\n" + lost).status == CERTO_UNREACHABLE);
}
