// Amazon Lightsail, from its documentation: https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/
#include "fixtures/signature.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t test_time = 1700000000;  // 20231114T221320Z

std::string ask(const std::string& action, const std::string& body, const std::string& answer) {
  const std::string server = "lightsail.us-east-1.amazonaws.com", time = "20231114T221320Z";
  const std::string target = "Lightsail_20161128." + action,
                    scope = "20231114/us-east-1/lightsail/aws4_request";
  const CanonicalRequest request{"POST",
                                 "/",
                                 "",
                                 {"content-type:application/x-amz-json-1.1", "host:" + server,
                                  "x-amz-date:" + time, "x-amz-target:" + target},
                                 body};
  return "> POST https://" + server +
         "/\n> Content-Type: application/x-amz-json-1.1\n> X-Amz-Target: " + target +
         "\n> X-Amz-Date: " + time + "\n> Authorization: AWS4-HMAC-SHA256 Credential=key/" + scope +
         ", SignedHeaders=" + request.names() + ", Signature=" +
         signed_by("AWS4secret", {"20231114", "us-east-1", "lightsail", "aws4_request"},
                   "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + request.hash()) +
         "\n> \n> " + body + "\n< " + answer + "\n";
}

std::string error(const std::string& type) {
  return "400\n< {\"__type\":\"com.amazonaws.lightsail#" + type + "\",\"message\":\"Said.\"}";
}

std::string domain(const std::string& name, const std::string& answer) {
  return ask("GetDomain", "{\"domainName\":\"" + name + "\"}", answer);
}
std::string entries(const std::string& list) {
  return domain("example.com",
                "200\n< {\"domain\":{\"name\":\"example.com\",\"domainEntries\":[" + list + "]}}");
}
const std::string not_found = domain("_acme-challenge.example.com", error("NotFoundException"));

std::string entry(const std::string& value) {
  return R"("name":"_acme-challenge.example.com","target":"\")" + value +
         R"(\"","type":"TXT","isAlias":false})";
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> all = {R"({"id":"9","name":"example.com","target":"\"new\"","type":"TXT"})"};
  for (const std::string& value : values)
    all.push_back("{\"id\":\"" + std::to_string(all.size()) + "\"," + entry(value));
  return entries(join(all, ","));
}

std::string removal(const std::string& answer) {
  return ask("DeleteDomainEntry",
             R"({"domainName":"example.com","domainEntry":{"id":"2",)" + entry("new") + "}", answer);
}

ValueService service() {
  return {.name = "lightsail",
          .settings = {{"AWS_ACCESS_KEY_ID", "key"}, {"AWS_SECRET_ACCESS_KEY", "secret"}},
          .now = test_time,
          .start = not_found + entries(""),
          .list = list,
          .add = ask("CreateDomainEntry",
                     R"({"domainName":"example.com","domainEntry":{)" + entry("new") + "}", "200\n< {}"),
          .remove = removal("200\n< {}"),
          .gone = removal(error("NotFoundException"))};
}

}  // namespace

TEST_CASE("lightsail: entries are added and removed one by one") { check_all(service()); }

TEST_CASE("lightsail: a domain that is set, and the service's words") {
  ValueService other = service();
  other.settings["DNS_ZONE"] = "example.com.";
  CHECK(play(other, "cleanup", entries("") + list({})).status == CERTO_OK);
  const auto first = [](const std::string& type) {
    return play(service(), "present", answered(not_found, error(type)));
  };
  CHECK(first("UnrecognizedClientException").why ==
        "the credentials are refused: UnrecognizedClientException: Said.");
  CHECK(first("ThrottlingException").status == CERTO_LATER);
  CHECK(first("ServiceException").why ==
        "POST https://lightsail.us-east-1.amazonaws.com/ answered 400: ServiceException: Said.");
}
