// NearlyFreeSpeech.NET, from its documentation: https://members.nearlyfreespeech.net/wiki/API/Introduction
// and https://metacpan.org/pod/WebService::NFSN::DNS
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

std::string ask(const std::string& method, const std::string& body, const std::string& answer,
                const std::string& domain = "example.com") {
  const auto sha1 = [](const std::string& text) { return hex(crypto::digest("sha1", text)); };
  const std::string path = "/dns/" + domain + "/" + method, start = "me;1012121212;0001020304054607;";
  return "> POST https://api.nearlyfreespeech.net" + path +
         "\n> Content-Type: application/x-www-form-urlencoded\n> X-NFSN-Authentication: " + start +
         sha1(start + "key;" + path + ";" + sha1(body)) + "\n> \n> " + body + "\n< " + answer + "\n";
}

const std::string zone = ask("listRRs", "type=TXT", "200\n< []");

std::string list(const std::vector<std::string>& values, const std::string& name = "_acme-challenge") {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back(R"({"name":")" + name + R"(","type":"TXT","data":")" + value +
                      R"(","ttl":3600,"scope":"member"})");
  return ask("listRRs", "name=" + name + "&type=TXT", "200\n< [" + join(records, ",") + "]");
}

std::string add(const std::string& name) {
  return ask("addRR", "name=" + name + "&type=TXT&data=new&ttl=60", "200");
}

ValueService service() {
  return {
      .name = "nearlyfreespeech",
      .settings = {{"NEARLYFREESPEECH_LOGIN", "me"}, {"NEARLYFREESPEECH_API_KEY", "key"}},
      .now = 1012121212,
      .start = zone,
      .list = [](const auto& values) { return list(values); },
      .add = add("_acme-challenge"),
      .remove = ask("removeRR", "name=_acme-challenge&type=TXT&data=new", "200"),
      .gone = ask("removeRR", "name=_acme-challenge&type=TXT&data=new", "404\n< {\"error\":\"Not Found\"}")};
}

}  // namespace

TEST_CASE("nearlyfreespeech: records are added and removed one by one") {
  check_all(service());
  CHECK(play(service(), "present", zone + list({}, "") + add(""), {{"example.com", "new", 60}}).status ==
        CERTO_OK);
}

TEST_CASE("nearlyfreespeech: the service's words") {
  CHECK(
      play(service(), "present",
           answered(
               zone,
               "401\n< {\"error\":\"The API request could not be authenticated.\",\"debug\":\"No key.\"}"))
          .why ==
      "the credentials are refused: POST https://api.nearlyfreespeech.net/dns/example.com/listRRs answered 401: No "
      "key.");
  CHECK(play(service(), "present", ask("listRRs", "type=TXT", "404\n< {\"error\":\"Not Found\"}")).status ==
        CERTO_NO_ZONE);
}
