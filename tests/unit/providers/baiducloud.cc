// Baidu Cloud, from its documentation: https://cloud.baidu.com/doc/DNS/s/El4s7lssr and, for signatures,
// https://cloud.baidu.com/doc/Reference/s/njwvz1yfu
#include "fixtures/signature.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1700000000;
const std::string token = "clientToken=00010203-0405-4607-8809-0a0b0c0d0e0f";

std::string ask(const std::string& method, const std::string& path, const std::string& query,
                const std::string& body, const std::string& answer) {
  const std::string start = "bce-auth-v1/key/2023-11-14T22:13:20Z/1800";
  const std::string key = signed_by("secret", {}, start);
  const std::string text = method + "\n/v1/dns/zone" + path + "\n" + query + "\nhost:dns.baidubce.com";
  return "> " + method + " https://dns.baidubce.com/v1/dns/zone" + path + "?" + query +
         "\n> Authorization: " + start + "/host/" + signed_by(key, {}, text) + "\n" +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + answer +
         "\n";
}

std::string zones(const std::string& name, const std::string& list) {
  return ask("GET", "", "name=" + name, "", "200\n< {\"isTruncated\":false,\"zones\":[" + list + "]}");
}
const std::string found_zone =
    zones("_acme-challenge.example.com", "") +
    zones("example.com", R"({"name":"an-example.com"},{"id":"z","name":"example.com"})");

std::string records(const std::vector<std::string>& values, size_t first = 1) {
  std::vector<std::string> list;
  for (const std::string& value : values)
    list.push_back(R"({"id":")" + std::to_string(first + list.size()) +
                   R"(","rr":"_acme-challenge","status":"running","type":"TXT","value":")" + value +
                   R"(","ttl":300})");
  return "\"records\":[" + join(list, ",") + "]}";
}

std::string list(const std::vector<std::string>& values) {
  return ask("GET", "/example.com/record", "rr=_acme-challenge", "",
             "200\n< {\"isTruncated\":false," + records(values));
}

std::string add(const std::string& own) {
  return ask("POST", "/example.com/record", token,
             R"({"rr":")" + own + R"(","type":"TXT","value":"new","ttl":60})", "200");
}

ValueService service() {
  return {.name = "baiducloud",
          .settings = {{"BAIDUCLOUD_ACCESS_KEY_ID", "key"}, {"BAIDUCLOUD_SECRET_ACCESS_KEY", "secret"}},
          .now = test_time,
          .start = found_zone,
          .list = list,
          .add = add("_acme-challenge"),
          .remove = ask("DELETE", "/example.com/record/2", token, "", "200"),
          .gone = ask("DELETE", "/example.com/record/2", token, "", "404\n< {\"code\":\"NoSuchRecord\"}")};
}

}  // namespace

TEST_CASE("baiducloud: records are added and removed one by one") {
  check_all(service());
  CHECK(play(service(), "present",
             zones("example.com", R"({"name":"example.com"})") +
                 ask("GET", "/example.com/record", "rr=%40", "", "200\n< {" + records({})) + add("@"),
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("baiducloud: records on a second page, and the service's words") {
  CHECK(play(service(), "cleanup",
             found_zone +
                 ask("GET", "/example.com/record", "rr=_acme-challenge", "",
                     "200\n< {\"isTruncated\":true,\"nextMarker\":\"m/1\"," + records({"foreign"}, 7)) +
                 ask("GET", "/example.com/record", "marker=m%2F1&rr=_acme-challenge", "",
                     "200\n< {\"isTruncated\":false," + records({"foreign", "new"})) +
                 service().remove)
            .status == CERTO_OK);
  CHECK(play(service(), "present",
             answered(found_zone, "403\n< {\"code\":\"SignatureDoesNotMatch\",\"message\":\"Said.\"}"))
            .why ==
        "the credentials are refused: GET https://dns.baidubce.com/v1/dns/zone answered 403: Said.");
}
