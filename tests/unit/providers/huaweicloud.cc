// Huawei Cloud DNS, from its documentation:
// https://support.huaweicloud.com/intl/en-us/api-dns/dns_api_62002.html,
// https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html and
// https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
#include "fixtures/signature.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1573788995;  // 20191115T033635Z

std::string body_of(const std::string& body) { return body.empty() ? "" : "> \n> " + body + "\n"; }

std::string ask(const std::string& method, const std::string& path, const std::string& query,
                const std::string& body, const std::string& answer) {
  const std::string server = "dns.ap-southeast-1.myhuaweicloud.com", time = "20191115T033635Z";
  const CanonicalRequest request{method,
                                 "/v2/zones" + path + "/",
                                 query,
                                 {"content-type:application/json", "host:" + server, "x-sdk-date:" + time},
                                 body};
  return "> " + method + " https://" + server + "/v2/zones" + path + (query.empty() ? "" : "?" + query) +
         "\n> Content-Type: application/json\n> X-Sdk-Date: " + time +
         "\n> Authorization: SDK-HMAC-SHA256 Access=key, SignedHeaders=content-type;host;x-sdk-date, Signature=" +
         signed_by("secret", {}, "SDK-HMAC-SHA256\n" + time + "\n" + request.hash()) + "\n" + body_of(body) +
         "< " + answer + "\n";
}

std::string zone(const std::string& name, const std::string& list) {
  return ask("GET", "", "name=" + name + "&search_mode=equal&type=public", "",
             "200\n< {\"zones\":[" + list + "]}");
}
const std::string found_zone =
    zone("_acme-challenge.example.com", "") +
    zone("example.com", R"({"id":"z-1","name":"example.com.","zone_type":"public"})");

std::string rrset(const std::vector<std::string>& values, const std::string& ttl) {
  std::vector<std::string> texts;
  for (const std::string& value : values) texts.push_back(R"("\")" + value + R"(\"")");
  return R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":)" + ttl + R"(,"records":[)" +
         join(texts, ",") + "]}";
}

std::string found(const std::vector<std::string>& values) {
  const std::string entry = rrset(values, "300");
  return "200\n< {\"recordsets\":[" + (values.empty() ? "" : R"({"id":"r-1",)" + entry.substr(1)) + "]}";
}

const std::string read_query = "name=_acme-challenge.example.com&search_mode=equal&type=TXT";

ValueService service() {
  return {
      .name = "huaweicloud",
      .settings = {{"HUAWEICLOUD_ACCESS_KEY_ID", "key"}, {"HUAWEICLOUD_SECRET_ACCESS_KEY", "secret"}},
      .now = test_time,
      .start = found_zone,
      .list = [](const auto& values) { return ask("GET", "/z-1/recordsets", read_query, "", found(values)); },
      .add = "",
      .remove = "",
      .gone = "",
      .publish = "",
      .end = "",
      .write =
          [](const auto& before, const auto& after) {
            const std::string own = "/z-1/recordsets/r-1";
            if (after.empty()) return ask("DELETE", own, "", "", "202\n< {}");
            return before.empty() ? ask("POST", "/z-1/recordsets", "", rrset(after, "60"), "202\n< {}")
                                  : ask("PUT", own, "", rrset(after, "300"), "202\n< {}");
          }};
}

}  // namespace

TEST_CASE("huaweicloud: an RRset is replaced as a whole") { check_all(service()); }

TEST_CASE("huaweicloud: a user logs in with a password") {
  ValueService other = service();
  other.settings = {{"HUAWEICLOUD_USERNAME", "me"},
                    {"HUAWEICLOUD_PASSWORD", "secret"},
                    {"HUAWEICLOUD_DOMAIN_NAME", "company"},
                    {"HUAWEICLOUD_REGION", "eu-west-101"}};
  const std::string login =
      "> POST https://iam.myhuaweicloud.com/v3/auth/tokens\n> Content-Type: application/json\n> \n> "
      R"({"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"me","password":"secret",)"
      R"("domain":{"name":"company"}}}},"scope":{"project":{"name":"eu-west-101"}}}})"
      "\n";
  const auto with_token = [](const std::string& path, const std::string& answer) {
    return "> GET https://dns.eu-west-101.myhuaweicloud.com/v2/zones" + path +
           "\n> Content-Type: application/json\n> X-Auth-Token: tok\n< " + answer + "\n";
  };
  const std::string token = "< 201 +headers\n< x-subject-token: tok\n< \n< {}\n";
  CHECK(play(other, "cleanup",
             login + token +
                 with_token("?name=_acme-challenge.example.com&search_mode=equal&type=public",
                            "200\n< {\"zones\":[]}") +
                 with_token("?name=example.com&search_mode=equal&type=public",
                            "200\n< {\"zones\":[{\"id\":\"z-1\",\"name\":\"example.com.\"}]}") +
                 with_token("/z-1/recordsets?" + read_query, found({})))
            .status == CERTO_OK);
  CHECK(
      play(other, "present", login + "< 401\n< {\"error\":{\"message\":\"wrong password\"}}\n").why ==
      "the credentials are refused: POST https://iam.myhuaweicloud.com/v3/auth/tokens answered 401: wrong password");
  CHECK(play(other, "present", login + "< 201\n< {}\n").status == CERTO_UNREACHABLE);
}

TEST_CASE("huaweicloud: the service's words") {
  CHECK(play(service(), "present", answered(found_zone, R"(401
< {"error_msg":"Incorrect IAM authentication information","error_code":"APIGW.0301"})"))
            .why.ends_with("answered 401: Incorrect IAM authentication information"));
  CHECK(
      play(service(), "present", zone("_acme-challenge.example.com", "") + zone("example.com", "")).status ==
      CERTO_NO_ZONE);
}
