// IPv64.net, from the table and the behaviour of two other clients (https://ipv64.net/dyndns_updater_api)
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string api = "https://ipv64.net/api";
const std::string done = R"(200
< {"info":"success","status":"201 Created","add_record":"success"})";

std::string change(const std::string& method, const std::string& command, const std::string& prefix,
                   const std::string& answer) {
  return "> " + method + " " + api +
         "\n> Authorization: Bearer secret\n> Content-Type: application/x-www-form-urlencoded\n> \n> " +
         command + "=example.com&praefix=" + prefix + "&type=TXT&content=new\n< " + answer + "\n";
}

std::string domains(const std::string& answer) {
  return "> GET " + api + "?get_domains\n> Authorization: Bearer secret\n< " + answer + "\n";
}

/// One reply tells the zones and their records.
std::string list(const std::vector<std::string>& values) {
  std::string records = R"({"record_id":9,"content":"new","ttl":60,"type":"TXT","praefix":"www"})";
  for (const std::string& value : values)
    records += R"(,{"record_id":1,"content":")" + value +
               R"(","ttl":60,"type":"TXT","praefix":"_acme-challenge","record_key":"k"})";
  return domains(R"(200
< {"subdomains":{"me.ipv64.net":{"updates":0},"example.com":{"updates":0,"wildcard":1,"records":[)" +
                 records + R"(]}},"info":"success","status":"200 OK","get_domains":"success"})");
}

ValueService service() {
  return {.name = "ipv64",
          .settings = {{"IPV64_API_KEY", "secret"}},
          .now = 0,
          .start = "",
          .list = list,
          .add = change("POST", "add_record", "_acme-challenge", done),
          .remove = change("DELETE", "del_record", "_acme-challenge", done),
          .gone = "",
          .publish = "",
          .end = "",
          .write = {}};
}

}  // namespace

TEST_CASE("ipv64: each value is a record of its own") { check_records(service()); }

TEST_CASE("ipv64: the domain itself, and one without records") {
  CHECK(play(service(), "present",
             domains(R"(200
< {"subdomains":{"_acme-challenge.me.ipv64.net":{}},"info":"success"})") +
                 "> POST " + api +
                 "\n> Authorization: Bearer secret\n> Content-Type: application/x-www-form-urlencoded\n> \n"
                 "> add_record=_acme-challenge.me.ipv64.net&praefix=&type=TXT&content=new\n< " +
                 done + "\n",
             {{"_acme-challenge.me.ipv64.net", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("ipv64: failures have its own words") {
  const auto status = [](const std::string& transcript) { return play(service(), "present", transcript); };
  CHECK(status(domains("401\n< {\"info\":\"error\",\"status\":\"401 Unauthorized\"}")).status ==
        CERTO_CONFIG);
  CHECK(status(domains("429")).status == CERTO_LATER);
  CHECK(status(domains("500")).status == CERTO_UNREACHABLE);
  CHECK(status(domains("lost")).status == CERTO_UNREACHABLE);
  CHECK(status(domains("200\n< <html>Sign in</html>")).status == CERTO_UNREACHABLE);
  CHECK(status(domains("200\n< {\"subdomains\":{},\"info\":\"success\"}")).status == CERTO_NO_ZONE);
  const auto refused =
      status(list({}) + change("POST", "add_record", "_acme-challenge",
                               "200\n< {\"info\":\"error\",\"add_record\":\"dns record exists\"}"));
  CHECK(refused.status == CERTO_FAILED);
  CHECK(refused.why.ends_with("dns record exists"));
}
