// HEXONET and united-domains Reselling, from the table and the behaviour of other clients
// (https://wiki.hexonet.net/wiki/API)
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string hexonet_url = "https://coreapi.1api.net/api/call.cgi?s_login=me%21role&s_pw=secret";
const std::string udr_url = "https://api.domainreselling.de/api/call.cgi?s_login=me&s_pw=secret";

std::string by_get(const std::string& command, const std::string& reply) {
  return "> GET " + hexonet_url + "&command=" + command + "\n< 200\n" + reply;
}

std::string by_post(const std::string& command, const std::string& reply) {
  return "> POST " + udr_url +
         "\n> Content-Type: application/x-www-form-urlencoded\n> \n> command=" + command + "\n< 200\n" +
         reply;
}

std::string upper_reply(int code, const std::string& lines = "") {
  return "< [RESPONSE]\n< CODE=" + std::to_string(code) + "\n< DESCRIPTION=words of it\n" + lines + "< EOF\n";
}

std::string lower_reply(int code, const std::string& lines = "") {
  return "< [RESPONSE]\n< code = " + std::to_string(code) + "\n< description = words of it\n" + lines +
         "< EOF\n";
}

ValueService hexonet() {
  const std::string query = "QueryDNSZoneRRList&dnszone=";
  const std::string update = "UpdateDNSZone&dnszone=example.com.&";
  return {.name = "hexonet",
          .settings = {{"HEXONET_LOGIN", "me!role"}, {"HEXONET_PASSWORD", "secret"}},
          .now = 0,
          .start = by_get(query + "_acme-challenge.example.com.", upper_reply(545)) +
                   by_get(query + "example.com.", upper_reply(200)),
          .list =
              [=](const std::vector<std::string>& values) {
                std::string lines = "< PROPERTY[RR][0]=www 600 IN TXT \"new\"\n";
                for (const std::string& value : values)
                  lines += "< PROPERTY[RR][1]=_acme-challenge\t600 IN TXT \"" + value + "\"\n";
                return by_get(query + "example.com.", upper_reply(200, lines + "< PROPERTY[TOTAL][0]=3\n")) +
                       (values.size() < 2
                            ? by_get(query + "example.com.&first=" + std::to_string(values.size() + 1),
                                     upper_reply(200, "< PROPERTY[TOTAL][0]=3\n"))
                            : "");
              },
          .add = by_get(update + "addrr0=_acme-challenge%2060%20IN%20TXT%20new", upper_reply(200)),
          .remove = by_get(update + "delrr0=_acme-challenge%09600%20IN%20TXT%20%22new%22", upper_reply(200)),
          .gone = "",
          .publish = "",
          .end = "",
          .write = {}};
}

ValueService udr() {
  const std::string query = "QueryDNSZoneRRList&dnszone=";
  const std::string update = "UpdateDNSZone&dnszone=example.com&";
  return {
      .name = "udr",
      .settings = {{"UDR_USER", "me"}, {"UDR_PASS", "secret"}},
      .now = 0,
      .start = by_post(query + "_acme-challenge.example.com", lower_reply(541)) +
               by_post(query + "example.com", lower_reply(200)),
      .list =
          [=](const std::vector<std::string>& values) {
            std::string lines;
            for (const std::string& value : values)
              lines += "< property[rr][0] = _acme-challenge.example.com. 30 IN TXT " + value + "\n";
            return by_post(query + "example.com", lower_reply(200, lines));
          },
      .add = by_post(update + "addrr0=_acme-challenge.example.com.%2060%20IN%20TXT%20new", lower_reply(200)),
      .remove =
          by_post(update + "delrr0=_acme-challenge.example.com.%2030%20IN%20TXT%20new", lower_reply(200)),
      .gone = "",
      .publish = "",
      .end = "",
      .write = {}};
}

}  // namespace

TEST_CASE("hexonet: records are lines of a zone file") { check_all(hexonet()); }

TEST_CASE("udr: records are lines of a zone file") { check_all(udr()); }

TEST_CASE("hexonet, udr: failures are in the service's own words") {
  const std::string query = "QueryDNSZoneRRList&dnszone=_acme-challenge.example.com.";
  const auto refused = play(hexonet(), "present", by_get(query, upper_reply(530)));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("words of it"));
  CHECK(play(hexonet(), "present", by_get(query, upper_reply(423))).status == CERTO_UNREACHABLE);
  CHECK(
      play(udr(), "present",
           udr().start + udr().list({}) + answered(udr().add, "200\n< code = 549\n< description = not yours"))
          .why.ends_with("answered 549: not yours"));
}
