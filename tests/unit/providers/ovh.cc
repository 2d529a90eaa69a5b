// OVHcloud, from its documentation: https://help.ovhcloud.com/csm/en-api-getting-started-ovhcloud-api (keys,
// signature and time are that page's examples) and https://api.ovh.com/console/?section=%2Fdomain
#include "crypto/hash.h"
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const std::string sample_root = "https://eu.api.ovh.com/1.0";
const provider::Values sample_settings = {{"OVH_APPLICATION_KEY", "7kbG7Bk7S9Nt7ZSV"},
                                          {"OVH_APPLICATION_SECRET", "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF"},
                                          {"OVH_CONSUMER_KEY", "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 30};

constexpr int64_t test_time = 1366560000;  // this machine's clock is behind

Outcome play_ovh(const char* action, const std::string& transcript,
                 std::vector<Record> records = {sample_record},
                 const provider::Values& settings = sample_settings) {
  return play("ovh", action, std::move(records), settings, transcript, test_time);
}

std::string signature(const std::string& method, const std::string& url, const std::string& body) {
  return "$1$" +
         hex(crypto::digest("sha1", "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF+MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1+" +
                                        method + "+" + url + "+" + body + "+1366560945"));
}

std::string body_of(const std::string& method, const std::string& body) {
  return (method == "POST" ? "> Content-Type: application/json\n" : "") +
         (body.empty() ? "" : "> \n> " + body + "\n");
}

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer) {
  return "> " + method + " " + sample_root + path + "\n> X-Ovh-Application: 7kbG7Bk7S9Nt7ZSV\n" +
         "> X-Ovh-Consumer: MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1\n> X-Ovh-Timestamp: 1366560945\n" +
         "> X-Ovh-Signature: " + signature(method, sample_root + path, body) + "\n" + body_of(method, body) +
         "< " + answer + "\n";
}

const std::string sample_time = "> GET " + sample_root + "/auth/time\n< 200\n< 1366560945\n";
const std::string start = sample_time + "> ZONE _acme-challenge.example.com\n< example.com\n";
const std::string refresh = ask("POST", "/domain/zone/example.com/refresh", "", "200\n< null");

std::string list(const std::string& answer, const std::string& sub_domain = "_acme-challenge") {
  return ask("GET", "/domain/zone/example.com/record?fieldType=TXT&subDomain=" + sub_domain, "", answer);
}

std::string record(const std::string& id, const std::string& target) {
  return ask(
      "GET", "/domain/zone/example.com/record/" + id, "",
      "200\n< {\"id\":" + id +
          R"(,"zone":"example.com","fieldType":"TXT","subDomain":"_acme-challenge","ttl":60,"target":)" +
          target + "}");
}

std::string post(const std::string& value, const std::string& sub_domain = "_acme-challenge",
                 const std::string& answer = R"(200
< {"id":3})") {
  return ask(
      "POST", "/domain/zone/example.com/record",
      R"({"fieldType":"TXT","subDomain":")" + sub_domain + R"(","target":")" + value + R"(","ttl":60})",
      answer);
}

std::string removal(const std::string& id, const std::string& answer = "200\n< null") {
  return ask("DELETE", "/domain/zone/example.com/record/" + id, "", answer);
}

size_t unnoticed(const char* action, const std::string& transcript,
                 const provider::Values& settings = sample_settings) {
  return unnoticed_changes("ovh", action, {sample_record}, settings, transcript, test_time);
}

}  // namespace

TEST_CASE("ovh: requests are signed as the documentation's example is") {
  CHECK(signature("GET", "https://eu.api.ovh.com/1.0/domain/", "") ==
        "$1$6a77f43f2871db97a029f1d1d81c4dcd3c6f7265");
}

TEST_CASE("ovh: a value is put under a name that holds none, and the zone is refreshed") {
  const std::string transcript = start + list("200\n< []") + post("new") + refresh;
  CHECK(play_ovh("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("ovh: a value is added next to a foreign one, which stays") {
  const std::string transcript =
      start + list("200\n< [1]") + record("1", R"("foreign")") + post("new") + refresh;
  CHECK(play_ovh("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("ovh: an existing value is not added again, but the zone is refreshed") {
  for (const char* there : {R"("new")", R"("\"new\"")"}) {
    const std::string transcript = start + list("200\n< [1]") + record("1", there) + refresh;
    CHECK(play_ovh("present", transcript).status == CERTO_OK);
    CHECK(unnoticed("present", transcript) == 0);
  }
}

TEST_CASE("ovh: cleanup removes our value and leaves the foreign one") {
  const std::string transcript = start + list("200\n< [1,2]") + record("1", R"("foreign")") +
                                 record("2", R"("new")") + removal("2") + refresh;
  CHECK(play_ovh("cleanup", transcript).status == CERTO_OK);
  CHECK(unnoticed("cleanup", transcript) == 0);
}

TEST_CASE("ovh: cleanup of a value that somebody else removes at the same time is a success") {
  const std::string gone = R"(404
< {"message":"The requested object (id = 2) does not exist"})";
  CHECK(play_ovh("cleanup", start + list("200\n< []") + refresh).status == CERTO_OK);
  CHECK(
      play_ovh("cleanup", start + list("200\n< [2]") + record("2", R"("new")") + removal("2", gone) + refresh)
          .status == CERTO_OK);
  CHECK(play_ovh("cleanup", start + list("200\n< [2]") +
                                ask("GET", "/domain/zone/example.com/record/2", "", gone) + refresh)
            .status == CERTO_OK);
}

TEST_CASE("ovh: a batch asks the time once and refreshes its zone once") {
  const std::vector<Record> records = {{"_acme-challenge.example.com", "one", 60},
                                       {"_acme-challenge.example.com", "two", 60},
                                       {"_acme-challenge.www.example.com", "three", 60}};
  const std::string transcript = start + list("200\n< []") + post("one") + post("two") +
                                 "> ZONE _acme-challenge.www.example.com\n< example.com\n" +
                                 list("200\n< []", "_acme-challenge.www") +
                                 post("three", "_acme-challenge.www") + refresh;
  CHECK(play_ovh("present", transcript, records).status == CERTO_OK);
  CHECK(unnoticed_changes("ovh", "present", records, sample_settings, transcript, test_time) == 0);
}

TEST_CASE("ovh: the zone itself may be the name") {
  const std::string transcript =
      sample_time + "> ZONE example.com\n< example.com\n" + list("200\n< []", "") + post("new", "") + refresh;
  CHECK(play_ovh("present", transcript, {{"example.com", "new", 60}}).status == CERTO_OK);
}

TEST_CASE("ovh: refused keys are reported in the service's words and not shown") {
  const Outcome unsigned_one = play_ovh("present", start + list(R"(400
< {"errorCode":"INVALID_SIGNATURE","httpCode":"400 Bad Request","message":"Invalid signature"})"));
  CHECK(unsigned_one.status == CERTO_CONFIG);
  CHECK(unsigned_one.why.find("Invalid signature") != std::string::npos);

  const Outcome unknown = play_ovh("present", start + list(R"(403
< {"errorCode":"INVALID_CREDENTIAL","httpCode":"403 Forbidden","message":"This credential is not valid"})"));
  CHECK(unknown.status == CERTO_CONFIG);
  CHECK(unknown.why.ends_with("answered 403: This credential is not valid"));
  for (const auto& [name, value] : sample_settings) {
    CHECK(unknown.why.find(value) == std::string::npos);
    CHECK(unsigned_one.why.find(value) == std::string::npos);
  }
}

TEST_CASE("ovh: a zone of somebody else, a name in no zone, a rate limit and a service in trouble") {
  const Outcome other = play_ovh("present", start + list(R"(404
< {"class":"Client::NotFound","message":"This service does not exist"})"));
  CHECK(other.status == CERTO_NO_ZONE);
  CHECK(other.why == "there is no zone example.com in this account");
  CHECK(play_ovh("present", sample_time + "> ZONE _acme-challenge.example.com\n< lost\n").status != CERTO_OK);

  const Outcome limited = play_ovh("present", start + list("429\n< {\"message\":\"Too many requests\"}"));
  CHECK(limited.status == CERTO_LATER);
  CHECK(limited.why.ends_with(": Too many requests"));
  CHECK(play_ovh("present", start + list("503\n< <html>")).status == CERTO_UNREACHABLE);
  CHECK(play_ovh("present", start + list("200\n< <html>")).status == CERTO_UNREACHABLE);
  CHECK(play_ovh("present", start + list("200\n< {}")).status == CERTO_UNREACHABLE);
  CHECK(play_ovh("present", start + list("200\n< [\"1\"]")).status == CERTO_UNREACHABLE);
  CHECK(play_ovh("present", start + list("lost")).why == "the connection broke");
  CHECK(play_ovh("present", "> GET " + sample_root + "/auth/time\n< 200\n< soon\n").status ==
        CERTO_UNREACHABLE);
}

TEST_CASE("ovh: the service's objection to a record is reported") {
  const Outcome outcome = play_ovh(
      "present", start + list("200\n< []") +
                     post("new", "_acme-challenge", "400\n< {\"message\":\"Target field of TXT is wrong\"}"));
  CHECK(outcome.status == CERTO_FAILED);
  CHECK(outcome.why.ends_with("/record answered 400: Target field of TXT is wrong"));
}

namespace {

std::string with_token(const std::string& root, const std::string& method, const std::string& path,
                       const std::string& body, const std::string& answer) {
  return "> " + method + " " + root + path + "\n> Authorization: Bearer at-1\n" + body_of(method, body) +
         "< " + answer + "\n";
}

std::string addition_with_token(const std::string& root) {
  const std::string zone = "/domain/zone/example.com";
  return "> ZONE _acme-challenge.example.com\n< example.com\n" +
         with_token(root, "GET", zone + "/record?fieldType=TXT&subDomain=_acme-challenge", "", "200\n< []") +
         with_token(root, "POST", zone + "/record",
                    R"({"fieldType":"TXT","subDomain":"_acme-challenge","target":"new","ttl":60})",
                    "200\n< {}") +
         with_token(root, "POST", zone + "/refresh", "", "200\n< null");
}

std::string grant(const std::string& answer) {
  return "> POST https://ca.ovh.com/auth/oauth2/token\n> Content-Type: application/x-www-form-urlencoded\n> "
         "\n"
         "> grant_type=client_credentials&client_id=EU.0f1e&client_secret=s%2Fcret&scope=all\n< " +
         answer + "\n";
}

const provider::Values service_account = {
    {"OVH_CLIENT_ID", "EU.0f1e"}, {"OVH_CLIENT_SECRET", "s/cret"}, {"OVH_ENDPOINT", "ovh-ca"}};

}  // namespace

TEST_CASE("ovh: a service account gets a token of its endpoint, without asking the time") {
  const std::string transcript = grant(R"(200
< {"access_token":"at-1","token_type":"Bearer","expires_in":3599,"scope":"all"})") +
                                 addition_with_token("https://ca.api.ovh.com/1.0");
  CHECK(play_ovh("present", transcript, {sample_record}, service_account).status == CERTO_OK);
  CHECK(unnoticed("present", transcript, service_account) == 0);
}

TEST_CASE("ovh: a service account that is refused is reported in the service's words") {
  const Outcome outcome = play_ovh("present", grant(R"(400
< {"error":"invalid_client","error_description":"Unknown client"})"),
                                   {sample_record}, service_account);
  CHECK(outcome.status == CERTO_CONFIG);
  CHECK(outcome.why.ends_with("answered 400: invalid_client: Unknown client"));
}

TEST_CASE("ovh: an access token that is given, and another address of the API") {
  const provider::Values settings = {{"OVH_ACCESS_TOKEN", "at-1"},
                                     {"OVH_BASE_URL", "https://ovh.example/1.0/"}};
  CHECK(
      play_ovh("present", addition_with_token("https://ovh.example/1.0"), {sample_record}, settings).status ==
      CERTO_OK);
}

TEST_CASE("ovh: an endpoint that is none, and one without service accounts") {
  const Outcome none =
      play_ovh("present", "", {sample_record}, {{"OVH_ACCESS_TOKEN", "at-1"}, {"OVH_ENDPOINT", "ovh-mars"}});
  CHECK(none.status == CERTO_CONFIG);
  CHECK(none.why.starts_with("OVH_ENDPOINT must be one of ovh-eu, ovh-ca, "));
  const Outcome keys_only =
      play_ovh("present", "", {sample_record},
               {{"OVH_CLIENT_ID", "x"}, {"OVH_CLIENT_SECRET", "y"}, {"OVH_ENDPOINT", "kimsufi-eu"}});
  CHECK(keys_only.status == CERTO_CONFIG);
  CHECK(keys_only.why == "kimsufi-eu supports only application keys");
}
