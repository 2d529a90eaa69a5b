// sdk/jwt.h and sdk/oauth.h. The key and what it signs are RFC 7515 appendix A.2; refusals are RFC 6749
// section 5.2.
#include "sdk/oauth.h"
#include "fixtures/rfc7515.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "sdk/jwt.h"

using namespace certo;
using namespace certo::test;

namespace {

sdk::Work at_work;  // C's functions carry nothing along

provider::Outcome run(sdk::Work work, const std::string& transcript = "") {
  at_work = work;
  certo_provider provider{};
  provider.name = "my-dns";
  provider.base_url = "https://api.example";
  provider.present = [](const certo_host* host, const certo_record* records, size_t count) {
    return sdk::guarded(at_work, host, records, count);
  };
  Transcript service(transcript);
  provider::Task task;
  task.action = provider::Action::present;
  task.deadline = deadline_of(transcript);
  const provider::Outcome outcome = provider::call(provider, task, service);
  CHECK(service.fault() == "");
  return outcome;
}

std::string token;

provider::Outcome ask_for_token(const std::string& answer) {
  token.clear();
  return run(
      [](const sdk::Host& host, sdk::Records) {
        token = sdk::oauth_token(host, "https://login.example/token",
                                 {{"grant_type", "client_credentials"}, {"client_secret", "a&b=c d"}});
      },
      "> POST https://login.example/token\n> Content-Type: application/x-www-form-urlencoded\n> \n"
      "> grant_type=client_credentials&client_secret=a%26b%3Dc%20d\n< " +
          answer + "\n");
}

}  // namespace

TEST_CASE("a JWS is the one of RFC 7515 appendix A.2") {
  const auto outcome = run([](const sdk::Host& host, sdk::Records) {
    CHECK(sdk::compact_jws(
              host, rfc7515_key, R"({"alg":"RS256"})",
              "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}") ==
          "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9p"
          "c19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_"
          "lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPv"
          "kSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeY"
          "I2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw");
  });
  CHECK(outcome.status == CERTO_OK);
}

TEST_CASE("a JWT names its key, if that has a name") {
  const auto outcome = run([](const sdk::Host& host, sdk::Records) {
    Json claims = Json::object();
    claims.set("iss", "joe");
    // {"alg":"RS256","typ":"JWT","kid":"key-1"}
    CHECK(sdk::rs256_jwt(host, rfc7515_key, "key-1", claims)
              .starts_with("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtleS0xIn0.eyJpc3MiOiJqb2UifQ."));
    CHECK(sdk::rs256_jwt(host, rfc7515_key, "", claims)
              .starts_with("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJqb2UifQ."));
  });
  CHECK(outcome.status == CERTO_OK);
}

TEST_CASE("a key that is none is a wrong setting, and is not shown") {
  const auto outcome = run([](const sdk::Host& host, sdk::Records) {
    sdk::compact_jws(host, "-----BEGIN PRIVATE KEY-----\nsecret", "{}", "{}");
  });
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK_FALSE(outcome.why.empty());
  CHECK(outcome.why.find("secret") == std::string::npos);
}

TEST_CASE("a token endpoint is asked by a form") {
  CHECK(ask_for_token("200\n< {\"access_token\":\"at-1\",\"token_type\":\"Bearer\"}").status == CERTO_OK);
  CHECK(token == "at-1");
}

TEST_CASE("a grant that is refused is a wrong setting, told in the first line of the service's words") {
  const auto refused = ask_for_token(
      R"(400
< {"error":"invalid_grant","error_description":"It was revoked.\r\nTrace ID: 1"})");
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(
      refused.why ==
      "the service gives no access token: POST https://login.example/token answered 400: invalid_grant: It was "
      "revoked.");

  const auto unknown = ask_for_token("401\n< {\"error\":\"invalid_client\"}");
  CHECK(unknown.status == CERTO_CONFIG);
  CHECK(unknown.why.ends_with("answered 401: invalid_client"));
}

TEST_CASE("a token endpoint that is in trouble, in a hurry, or answers something else") {
  CHECK(ask_for_token("429\n< {}").status == CERTO_LATER);
  CHECK(ask_for_token("500\n< {\"error\":\"server_error\"}").status == CERTO_UNREACHABLE);
  CHECK(ask_for_token("200\n< <html>").status == CERTO_UNREACHABLE);
  CHECK(ask_for_token("lost").why == "the connection broke");
  for (const char* answer : {"{}", "[]", R"({"access_token":1})", R"({"access_token":""})",
                             R"({"access_token":"a\r\nHost: b"})"}) {
    const auto outcome = ask_for_token(std::string("200\n< ") + answer);
    CHECK(outcome.status == CERTO_UNREACHABLE);
    CHECK(outcome.why == "POST https://login.example/token answered without an access token");
  }
}
