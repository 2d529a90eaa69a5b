// AWS Signature Version 4 against AWS's own answers: the cases of aws-sig-v4-test-suite by their names, and
// the example of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#include "sdk/sigv4.h"

#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;

namespace {

constexpr int64_t suite_time = 1440938160;  // 20150830T123600Z
const std::string sample_token =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRq"
    "TflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75Y"
    "U9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9K"
    "SYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

struct Signing {
  sdk::Request request;
  std::string service = "service", token{};
};

Signing at_work;  // C's functions carry nothing along
std::vector<std::string> signed_headers;

/// The headers that signing adds.
std::vector<std::string> added(const Signing& signing) {
  at_work = signing;
  certo_provider provider{};
  provider.name = "example";
  provider.base_url = "";
  provider.present = [](const certo_host* raw, const certo_record*, size_t) -> int {
    const sdk::AwsCredentials credentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                          at_work.token};
    signed_headers =
        sdk::aws_signed(sdk::Host(*raw), credentials, {"us-east-1", at_work.service}, at_work.request)
            .headers;
    return CERTO_OK;
  };
  Transcript service("", suite_time);
  provider::Task task;
  task.action = provider::Action::present;
  provider::call(provider, task, service);
  signed_headers.erase(signed_headers.begin(),
                       signed_headers.begin() + static_cast<long>(signing.request.headers.size()));
  return signed_headers;
}

std::string authorization(const Signing& signing) { return added(signing).back(); }

std::string expected(const std::string& service, const std::string& headers, const std::string& signature) {
  return "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/" + service +
         "/aws4_request, SignedHeaders=" + headers + ", Signature=" + signature;
}

}  // namespace

TEST_CASE("SigV4 signs as AWS's test suite says") {
  struct Row {
    const char *name, *method, *path, *signature;
  };
  for (const Row& row : std::vector<Row>{
           {"get-vanilla", "GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
           {"get-vanilla", "GET", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
           {"get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
           {"get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
           {"get-utf8", "GET", "/\xe1\x88\xb4",
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
           {"get-space", "GET", "/example space/",
            "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
           {"post-vanilla", "POST", "/",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"}}) {
    CAPTURE(row.name);
    const std::string url = std::string("https://example.amazonaws.com") + row.path;
    CHECK(authorization({{row.method, url}}) == expected("service", "host;x-amz-date", row.signature));
  }
}

TEST_CASE("SigV4 signs a body and the headers that come with it") {
  const sdk::Request form = {"POST",
                             "https://example.amazonaws.com/",
                             {"Content-Type: application/x-www-form-urlencoded"},
                             "Param1=value1"};
  CHECK(authorization({form}) ==
        expected("service", "content-type;host;x-amz-date",
                 "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));

  const sdk::Request list_users = {"GET",
                                   "https://IAM.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
                                   {"Content-Type:   application/x-www-form-urlencoded;   charset=utf-8 "}};
  CHECK(authorization({list_users, "iam"}) ==
        expected("iam", "content-type;host;x-amz-date",
                 "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"));
}

TEST_CASE("SigV4 signs the values of headers without needless spaces") {
  // get-header-value-trim
  const sdk::Request request = {
      "GET", "https://example.amazonaws.com/", {"My-Header1: value1", "My-Header2: \"a   b   c\""}};
  CHECK(authorization({request}) ==
        expected("service", "host;my-header1;my-header2;x-amz-date",
                 "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"));
}

TEST_CASE("SigV4 sends and signs a session token") {
  // post-sts-header-before
  CHECK(
      added({{"POST", "https://example.amazonaws.com/"}, "service", sample_token}) ==
      std::vector<std::string>{"X-Amz-Date: 20150830T123600Z", "X-Amz-Security-Token: " + sample_token,
                               expected("service", "host;x-amz-date;x-amz-security-token",
                                        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")});
}
