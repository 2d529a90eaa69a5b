// Logins at Google Cloud DNS, from
// https://developers.google.com/identity/protocols/oauth2/service-account#httprest,
// https://cloud.google.com/docs/authentication/application-default-credentials and
// https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
//
// The key is RFC 7515's; the assertions were signed with it by OpenSSL.
#include "base/json.h"
#include "fixtures/rfc7515.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

constexpr int64_t test_time = 1700000000;
const Record sample_record = {"example.com", "new", 60};

// {"alg":"RS256","typ":"JWT","kid":"key-1"} and the claims of one hour from test_time on
const std::string dns_assertion =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtleS0xIn0.eyJpc3MiOiJjZXJ0b0Bwcm9qZWN0LTEuaWFtLmdzZXJ2"
    "aWNlYWNjb3VudC5jb20iLCJzY29wZSI6Imh0dHBzOi8vd3d3Lmdvb2dsZWFwaXMuY29tL2F1dGgvbmRldi5jbG91ZGRucy5yZWFk"
    "d3JpdGUiLCJhdWQiOiJodHRwczovL29hdXRoMi5nb29nbGVhcGlzLmNvbS90b2tlbiIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjox"
    "NzAwMDAzNjAwfQ.IEgZHYZQxG60e2lHZ3Rwml4Vd4pmVS88AuJjbM9EGpRdFfEIgdj3kfu167-V3RtTtAJM5uth4N8EECqp3hK3H"
    "4KZuigp4u0T_IIdQ-6CqBV_FO9bxDe469r4Y3ks--owUOfQAhpLevaFAa58eox5GHmVeELNDcLa1gzLwhIGqB-MJmgQQGHMCot6n"
    "et2tjPd8FI-i6Eer1j6CpEI_lPh1yKxfrjizYBjr957MD25Qtlr2E-GE7PIHQjCji2ZvfDlKZdTvP2khlMpI8GeQPOopa9O4TksD"
    "GYuXrNgBICUzOGLXdkFrVmez8RcYWDtlJEdRHUqI78G6cdHLcEM_TtKHg";
const std::string cloud_assertion =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtleS0xIn0.eyJpc3MiOiJjZXJ0b0Bwcm9qZWN0LTEuaWFtLmdzZXJ2"
    "aWNlYWNjb3VudC5jb20iLCJzY29wZSI6Imh0dHBzOi8vd3d3Lmdvb2dsZWFwaXMuY29tL2F1dGgvY2xvdWQtcGxhdGZvcm0iLCJh"
    "dWQiOiJodHRwczovL29hdXRoMi5nb29nbGVhcGlzLmNvbS90b2tlbiIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDAzNjAw"
    "fQ.n38Qm1KBN4QlAhiaaujLvPHMKypnrzb4tmyNLIEDIORD6QXGQAror3ppuCRWr7Wa7q1LxhDnl5FdvNRSh4EH2wIU9pQBZBX9Z"
    "_9PqMsRxwW1MkuQb8Lgu2msbz1Wl-k71PAMG0mMULZ-BbBiwInL98hK7ltU_magWDsvZTFSc6oDVeZKZpd8Oq43JKsIYslIBNYPl"
    "XHvsNf_ru-lBRevKPxfyjq-FzuIRmHei4wQB-8cUKQ2pFAKZJBOR3OhONRp8i8kfKpSsxr3Oxnp7NnHwwmzx-pOHT_V-dycE-WrL"
    "qzHNATSRMhtJceNMVKKDHkY5j3emfu2Gidz27EqjuzK2w";

std::string account(const std::string& token_url = "https://oauth2.googleapis.com/token") {
  Json json = Json::object();
  json.set("type", "service_account").set("project_id", "project-1").set("private_key_id", "key-1");
  json.set("private_key", rfc7515_key).set("client_email", "certo@project-1.iam.gserviceaccount.com");
  return to_json(json.set("token_uri", token_url));
}

const std::string token_answer = "200\n< {\"access_token\":\"at-1\",\"token_type\":\"Bearer\"}";

std::string grant(const std::string& body, const std::string& answer = token_answer) {
  return "> POST https://oauth2.googleapis.com/token\n> Content-Type: application/x-www-form-urlencoded\n> "
         "\n> " +
         body + "\n< " + answer + "\n";
}

const std::string by_key = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";

/// No zone is found, which ends what is of interest here.
std::string no_zone(const std::string& token, const std::string& project, const std::string& more = "") {
  return "> GET https://dns.googleapis.com/dns/v1/projects/" + project +
         "/managedZones?dnsName=example.com.\n> Authorization: Bearer " + token + "\n" + more +
         "< 200\n< {}\n";
}

Outcome play_login(const provider::Values& settings, const std::string& transcript) {
  return play("gcloud", "present", {sample_record}, settings, transcript, test_time);
}

}  // namespace

TEST_CASE("gcloud: a service account signs an assertion, and its project is taken") {
  const std::string transcript = grant(by_key + dns_assertion) + no_zone("at-1", "project-1");
  CHECK(play_login({{"GCE_SERVICE_ACCOUNT", account()}}, transcript).status == CERTO_NO_ZONE);
  CHECK(play_login({{"GCE_SERVICE_ACCOUNT_FILE", account()}}, transcript).status == CERTO_NO_ZONE);
}

TEST_CASE("gcloud: the project in the settings has priority over the service account's") {
  const provider::Values settings = {{"GCE_SERVICE_ACCOUNT", account()}, {"GCE_PROJECT", "other"}};
  CHECK(play_login(settings, grant(by_key + dns_assertion) + no_zone("at-1", "other")).status ==
        CERTO_NO_ZONE);
}

TEST_CASE("gcloud: a service account that is refused is reported in the service's words") {
  const Outcome refused =
      play_login({{"GCE_SERVICE_ACCOUNT", account()}}, grant(by_key + dns_assertion, R"(400
< {"error":"invalid_grant","error_description":"Invalid JWT Signature."})"));
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(refused.why.ends_with("answered 400: invalid_grant: Invalid JWT Signature."));
  CHECK(refused.why.find(dns_assertion.substr(0, 20)) == std::string::npos);
}

TEST_CASE("gcloud: a person's requests are paid by the project that the login names") {
  const std::string person =
      R"({"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r","quota_project_id":"payer"})";
  const std::string transcript =
      grant("grant_type=refresh_token&client_id=c&client_secret=s&refresh_token=r") +
      no_zone("at-1", "project-1", "> X-Goog-User-Project: payer\n");
  const provider::Values settings = {{"GCE_SERVICE_ACCOUNT_FILE", person}, {"GCE_PROJECT", "project-1"}};
  CHECK(play_login(settings, transcript).status == CERTO_NO_ZONE);
  CHECK(unnoticed_changes("gcloud", "present", {sample_record}, settings, transcript, test_time) == 0);
}

TEST_CASE("gcloud: a service account may act as another one") {
  const std::string question =
      "> POST https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
      "dns%40project-1.iam.gserviceaccount.com:generateAccessToken\n"
      "> Authorization: Bearer at-1\n> Content-Type: application/json\n> \n"
      R"(> {"scope":["https://www.googleapis.com/auth/ndev.clouddns.readwrite"],"lifetime":"3600s"})"
      "\n";
  const std::string start = grant(by_key + cloud_assertion) + question;
  const provider::Values settings = {
      {"GCE_SERVICE_ACCOUNT", account()},
      {"GCE_IMPERSONATE_SERVICE_ACCOUNT", "dns@project-1.iam.gserviceaccount.com"}};
  CHECK(play_login(settings, start + "< 200\n< {\"accessToken\":\"at-2\"}\n" + no_zone("at-2", "project-1"))
            .status == CERTO_NO_ZONE);

  const Outcome forbidden = play_login(settings, start + R"(< 403
< {"error":{"code":403,"message":"Permission 'iam.serviceAccounts.getAccessToken' denied"}}
)");
  CHECK(forbidden.status == CERTO_CONFIG);
  CHECK(forbidden.why.ends_with(": Permission 'iam.serviceAccounts.getAccessToken' denied"));
  const Outcome unknown = play_login(settings, start + "< 404\n< {\"error\":{\"message\":\"Not found\"}}\n");
  CHECK(unknown.status == CERTO_CONFIG);
  CHECK(unknown.why == "GCE_IMPERSONATE_SERVICE_ACCOUNT: Not found");
}

TEST_CASE("gcloud: credentials that are invalid, incomplete or of another kind are wrong settings") {
  const auto with = [](const std::string& text) { return play_login({{"GCE_SERVICE_ACCOUNT", text}}, ""); };
  CHECK(with("/root/key.json").status == CERTO_CONFIG);
  CHECK(with("{}").status == CERTO_CONFIG);
  CHECK(with(R"({"type":"service_account","client_email":"a"})").status == CERTO_CONFIG);
  const Outcome external = with(R"({"type":"external_account"})");
  CHECK(external.status == CERTO_CONFIG);
  CHECK(external.why.starts_with("credentials of the type external_account are not supported"));
  const Outcome plain = with(account("http://127.0.0.1/token"));
  CHECK(plain.status == CERTO_CONFIG);
  CHECK(plain.why == "the service account's token_uri is not an https URL");

  Json bad_key = Json::object();
  bad_key.set("type", "service_account").set("client_email", "a").set("private_key", "secret");
  const Outcome no_key = with(to_json(bad_key));
  CHECK(no_key.status == CERTO_CONFIG);
  CHECK(no_key.why.find("secret") == std::string::npos);
}
