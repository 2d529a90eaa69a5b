// Volcano Engine, from its documentation: https://www.volcengine.com/docs/6758/155086 and, for signatures,
// https://www.volcengine.com/docs/6369/67269
#include <algorithm>

#include "fixtures/signature.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1700000000;  // 20231114T221320Z

std::string ask(const std::string& method, const std::string& action, const std::string& query,
                const std::string& body, const std::string& answer,
                const std::string& server = "open.volcengineapi.com",
                const std::string& region = "cn-north-1") {
  const std::string time = "20231114T221320Z", hash = sha256_hex(body);
  const std::string full = "Action=" + action + "&Version=2018-08-01" + (query.empty() ? "" : "&" + query);
  std::vector<std::string> sorted = split(full, '&');
  std::ranges::sort(sorted);
  const CanonicalRequest request{
      method,
      "/",
      join(sorted, "&"),
      {"content-type:application/json", "host:" + server, "x-content-sha256:" + hash, "x-date:" + time},
      body};
  const std::string scope = "20231114/" + region + "/DNS/request";
  return "> " + method + " https://" + server + "/?" + full +
         "\n> Content-Type: application/json\n> X-Date: " + time + "\n> X-Content-Sha256: " + hash +
         "\n> Authorization: HMAC-SHA256 Credential=key/" + scope + ", SignedHeaders=" + request.names() +
         ", Signature=" +
         signed_by("secret", {"20231114", region, "DNS", "request"},
                   "HMAC-SHA256\n" + time + "\n" + scope + "\n" + request.hash()) +
         "\n" + (body.empty() ? "" : "> \n> " + body + "\n") + "< " + answer + "\n";
}

std::string ok(const std::string& result) {
  return "200\n< {\"ResponseMetadata\":{\"RequestId\":\"r\"},\"Result\":{" + result + "}}";
}
std::string error(const std::string& code) {
  return "400\n< {\"ResponseMetadata\":{\"RequestId\":\"r\",\"Error\":{\"Code\":\"" + code +
         "\",\"Message\":\"Said.\"}}}";
}

std::string zones(const std::string& name, const std::string& list) {
  return ask("GET", "ListZones", "Key=" + name + "&SearchMode=exact", "", ok("\"Total\":1" + list));
}
const std::string found_zone = zones("_acme-challenge.example.com", "") +
                               zones("example.com", R"(,"Zones":[{"ZID":123,"ZoneName":"example.com"}])");

std::string page(const std::vector<std::string>& values, int number = 1,
                 const std::string& own = "_acme-challenge", size_t first = 1) {
  std::vector<std::string> records;
  for (const std::string& value : values)
    records.push_back(R"({"RecordID":")" + std::to_string(first + records.size()) +
                      R"(","Host":"_acme-challenge","Type":"TXT","Value":")" + value + R"(","TTL":600})");
  return ask("GET", "ListRecords",
             "ZID=123&Host=" + own + "&SearchMode=exact&Type=TXT&PageNumber=" + std::to_string(number) +
                 "&PageSize=100",
             "", ok(records.empty() ? "" : "\"Records\":[" + join(records, ",") + "]"));
}

std::string add(const std::string& own, const std::string& answer = ok("\"RecordID\":\"9\"")) {
  return ask("POST", "CreateRecord", "",
             R"({"ZID":123,"Host":")" + own + R"(","Type":"TXT","Value":"new","TTL":600})", answer);
}

ValueService service() {
  return {.name = "volcengine",
          .settings = {{"VOLC_ACCESSKEY", "key"}, {"VOLC_SECRETKEY", "secret"}},
          .now = test_time,
          .start = found_zone,
          .list = [](const auto& values) { return page(values); },
          .add = add("_acme-challenge"),
          .remove = ask("POST", "DeleteRecord", "", R"({"RecordID":"2"})", ok(""))};
}

}  // namespace

TEST_CASE("volcengine: records are added and removed one by one") {
  check_all(service());
  CHECK(play(service(), "present",
             zones("example.com", R"(,"Zones":[{"ZID":123,"ZoneName":"example.com"}])") + page({}, 1, "%40") +
                 add("@"),
             {{"example.com", "new", 60}})
            .status == CERTO_OK);
}

TEST_CASE("volcengine: records on a second page, another host and region") {
  CHECK(play(service(), "cleanup",
             found_zone + page(std::vector<std::string>(100, "foreign"), 1, "_acme-challenge", 100) +
                 page({"foreign", "new"}, 2) + service().remove)
            .status == CERTO_OK);
  ValueService other = service();
  other.settings["VOLC_HOST"] = "dns.example";
  other.settings["VOLC_REGION"] = "ap-1";
  CHECK(play(other, "present",
             ask("GET", "ListZones", "Key=_acme-challenge.example.com&SearchMode=exact", "",
                 error("InvalidAccessKey"), "dns.example", "ap-1"))
            .why == "the credentials are refused: InvalidAccessKey: Said.");
}

TEST_CASE("volcengine: the service's words") {
  CHECK(play(service(), "present", answered(found_zone, error("FlowLimitExceeded"))).status == CERTO_LATER);
  CHECK(play(service(), "present", answered(found_zone, "200\n< {}")).status == CERTO_UNREACHABLE);
  CHECK(play(service(), "present", found_zone + page({}) + add("_acme-challenge", error("ErrDup"))).why ==
        "CreateRecord answered ErrDup: Said.");
}
