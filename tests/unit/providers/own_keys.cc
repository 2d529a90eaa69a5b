// Services that give each host a key of its own, from the table and the behaviour of other clients:
// dnsHome.de and myaddr
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "fixtures/trouble.h"

using namespace certo;
using namespace certo::test;
using provider::Record;

namespace {

const Record home_record = {"_acme-challenge.me.dnshome.de", "new", 60};
const provider::Values home_settings = {{"DNSHOMEDE_CREDENTIALS", "you.dnshome.de:x, me.dnshome.de:secret"}};

std::string home(const std::string& action) {
  return "> POST https://www.dnshome.de/dyndns.php\n> Authorization: Basic " +
         base64(as_bytes("me.dnshome.de:secret")) +
         "\n> Content-Type: application/x-www-form-urlencoded\n> \n> acme=" + action + "&txt=new\n";
}

auto play_home(const char* action, const std::string& transcript, provider::Values settings = home_settings) {
  return play("dnshomede", action, {home_record}, std::move(settings), transcript);
}

const provider::Values addr_settings = {{"MYADDR_PRIVATE_KEYS_MAPPING", "you:x,me:secret"}};

auto play_addr(const char* action, const std::string& transcript,
               const std::string& name = "_acme-challenge.me.myaddr.tools") {
  return play("myaddr", action, {{name, "new", 60}}, addr_settings, transcript);
}

const std::string addr =
    "> POST https://myaddr.tools/update\n> Content-Type: application/json\n> \n"
    "> {\"key\":\"secret\",\"acme_challenge\":\"new\"}\n";

}  // namespace

TEST_CASE("dnshomede: a value is added and removed") {
  CHECK(play_home("present", home("add") + "< 200\n< successfully added\n").status == CERTO_OK);
  CHECK(play_home("cleanup", home("rm") + "< 200\n< successfully removed\n").status == CERTO_OK);
  CHECK(play_home("present", home("add") + "< 200\n< successfully\n",
                  {{"DNSHOME_SUBDOMAIN", "me.dnshome.de"}, {"DNSHOME_SUBDOMAIN_PASSWORD", "secret"}})
            .status == CERTO_OK);
  CHECK(unnoticed_changes("dnshomede", "present", {home_record}, home_settings,
                          home("add") + "< 200\n< successfully\n") == 0);
}

TEST_CASE("dnshomede: failures") {
  const auto refused = play_home("present", home("add") + "< 200\n< error - no valid acme txt record\n");
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why.ends_with("no valid acme txt record"));
  CHECK(play_home("present", "", {{"DNSHOMEDE_CREDENTIALS", "you.dnshome.de:x"}}).status == CERTO_CONFIG);
  check_trouble([](const std::string& transcript) { return play_home("present", transcript); }, home("add"));
}

TEST_CASE("myaddr: a value is set, and forgotten by the service") {
  CHECK(play_addr("present", addr + "< 200\n").status == CERTO_OK);
  CHECK(play_addr("cleanup", "").status == CERTO_OK);
  CHECK(play_addr("present", "", "_acme-challenge.they.myaddr.tools").status == CERTO_CONFIG);
  CHECK(play_addr("present", addr + "< 401\n< {\"error\":\"wrong key\"}\n").why.ends_with("wrong key"));
  CHECK(play_addr("present", addr + "< 429\n").status == CERTO_LATER);
  CHECK(play_addr("present", addr + "< 500\n").status == CERTO_UNREACHABLE);
}
