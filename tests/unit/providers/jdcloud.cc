// JD Cloud, from its client https://github.com/jdcloud-api/jdcloud-sdk-go (services/domainservice) and, for
// signatures, https://docs.jdcloud.com/en/common-declaration/api/signature-methods
#include <algorithm>

#include "fixtures/signature.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1700000000;  // 20231114T221320Z

std::string ask(const std::string& method, const std::string& path, const std::string& query,
                const std::string& body, const std::string& answer) {
  const std::string server = "domainservice.jdcloud-api.com", time = "20231114T221320Z";
  const std::string nonce = "00010203-0405-4607-8809-0a0b0c0d0e0f",
                    full = "/v2/regions/cn-north-1/domain" + path;
  std::vector<std::string> sorted = split(query, '&');
  std::ranges::sort(sorted);
  const CanonicalRequest request{method,
                                 full,
                                 join(sorted, "&"),
                                 {"content-type:application/json", "host:" + server, "x-jdcloud-date:" + time,
                                  "x-jdcloud-nonce:" + nonce},
                                 body};
  const std::string scope = "20231114/cn-north-1/domainservice/jdcloud2_request";
  return "> " + method + " https://" + server + full + (query.empty() ? "" : "?" + query) +
         "\n> Content-Type: application/json\n> X-Jdcloud-Date: " + time + "\n> X-Jdcloud-Nonce: " + nonce +
         "\n> Authorization: JDCLOUD2-HMAC-SHA256 Credential=key/" + scope +
         ", SignedHeaders=" + request.names() + ", Signature=" +
         signed_by("JDCLOUD2secret", {"20231114", "cn-north-1", "domainservice", "jdcloud2_request"},
                   "JDCLOUD2-HMAC-SHA256\n" + time + "\n" + scope + "\n" + request.hash()) +
         "\n" + (body.empty() ? "" : "> \n> " + body + "\n") + "< " + answer + "\n";
}

std::string page(const std::string& list, int pages = 1) {
  return "200\n< {\"requestId\":\"r\",\"result\":{\"dataList\":[" + list +
         "],\"totalPage\":" + std::to_string(pages) + "}}";
}

std::string zones(const std::string& name, const std::string& list) {
  return ask("GET", "", "pageNumber=1&pageSize=99&domainName=" + name, "", page(list));
}
const std::string found_zone =
    zones("_acme-challenge.example.com", "") +
    zones("example.com", R"({"id":1,"domainName":"an-example.com"},{"id":8824,"domainName":"example.com"})");

std::string records(const std::vector<std::string>& values, int number = 1, int pages = 1, size_t first = 1) {
  std::vector<std::string> list;
  for (const std::string& value : values)
    list.push_back("{\"id\":" + std::to_string(first + list.size()) +
                   R"(,"hostRecord":"_acme-challenge","hostValue":")" + value +
                   R"(","type":"TXT","ttl":300})");
  list.push_back(R"({"id":99,"hostRecord":"x._acme-challenge","hostValue":"new","type":"TXT"})");
  return ask("GET", "/8824/ResourceRecord",
             "pageNumber=" + std::to_string(number) + "&pageSize=99&search=_acme-challenge", "",
             page(join(list, ","), pages));
}

ValueService service() {
  return {
      .name = "jdcloud",
      .settings = {{"JDCLOUD_ACCESS_KEY_ID", "key"}, {"JDCLOUD_ACCESS_KEY_SECRET", "secret"}},
      .now = test_time,
      .start = found_zone,
      .list = [](const auto& values) { return records(values); },
      .add = ask(
          "POST", "/8824/ResourceRecord", "",
          R"({"req":{"hostRecord":"_acme-challenge","hostValue":"new","type":"TXT","ttl":60,"viewValue":-1}})",
          "200\n< {\"result\":{\"dataList\":{\"id\":9}}}"),
      .remove = ask("DELETE", "/8824/ResourceRecord/2", "", "", "200\n< {}"),
      .gone = ask("DELETE", "/8824/ResourceRecord/2", "", "", "404\n< {\"error\":{\"message\":\"gone\"}}")};
}

}  // namespace

TEST_CASE("jdcloud: records are added and removed one by one") { check_all(service()); }

TEST_CASE("jdcloud: records on a second page, and the service's words") {
  CHECK(
      play(service(), "cleanup",
           found_zone + records({"foreign"}, 1, 2, 7) + records({"foreign", "new"}, 2, 2) + service().remove)
          .status == CERTO_OK);
  CHECK(
      play(service(), "present",
           answered(
               found_zone,
               "401\n< {\"error\":{\"code\":401,\"message\":\"Said.\",\"status\":\"HTTP_UNAUTHORIZED\"}}"))
          .why ==
      "the credentials are refused: GET https://domainservice.jdcloud-api.com/v2/regions/cn-north-1/domain answered "
      "401: Said.");
}
