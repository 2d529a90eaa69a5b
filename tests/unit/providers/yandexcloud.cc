// Yandex Cloud DNS, from its documentation: https://yandex.cloud/en/docs/dns/api-ref/DnsZone/ (a JWT is
// signed with a random salt, so transcripts use IAM tokens; the signature itself is tested with its key)
#include "fixtures/rfc7515.h"
#include "fixtures/support.h"
#include "fixtures/value_service.h"

using namespace certo;
using namespace certo::test;

namespace {

const std::string api = "https://dns.api.cloud.yandex.net/dns/v1";
const std::string not_found = "404\n< {\"code\":5,\"message\":\"Record set not found\"}";

std::string ask(const std::string& method, const std::string& path, const std::string& body,
                const std::string& answer) {
  return "> " + method + " " + api + path +
         "\n> Authorization: Bearer t1.tok\n> Content-Type: application/json\n" +
         (body.empty() ? "" : "> \n> " + body + "\n") + "< " + answer + "\n";
}

std::string zones(const std::string& name, const std::string& answer, const std::string& page = "") {
  return ask("GET", "/zones?folderId=f-1&filter=zone%3D%22" + name + ".%22" + page, "", answer);
}
const std::string entry = R"({"id":"z-1","zone":"example.com.","publicVisibility":{}})";
const std::string hidden = R"({"id":"z-0","zone":"example.com.","privateVisibility":{"networkIds":["n"]}})";
const std::string no_zone = zones("_acme-challenge.example.com", "200\n< {}");
const std::string found_zone =
    no_zone + zones("example.com", "200\n< {\"dnsZones\":[" + hidden + "," + entry + "]}");

std::string rrset(const std::vector<std::string>& values, const std::string& ttl) {
  std::vector<std::string> texts;
  for (const std::string& value : values) texts.push_back(R"("\")" + value + R"(\"")");
  return R"({"name":"_acme-challenge.example.com.","type":"TXT","ttl":")" + ttl + R"(","data":[)" +
         join(texts, ",") + "]}";
}

std::string read(const std::vector<std::string>& values, const std::string& zone = "z-1") {
  return ask("GET", "/zones/" + zone + ":getRecordSet?name=_acme-challenge.example.com.&type=TXT", "",
             values.empty() ? not_found : "200\n< " + rrset(values, "300"));
}

ValueService service() {
  return {.name = "yandexcloud",
          .settings = {{"YANDEX_CLOUD_IAM_TOKEN", "t1.tok"}, {"YANDEX_CLOUD_FOLDER_ID", "f-1"}},
          .now = 1700000000,
          .start = found_zone,
          .list = [](const auto& values) { return read(values); },
          .add = "",
          .remove = "",
          .gone = "",
          .publish = "",
          .end = "",
          .write =
              [](const auto& before, const auto& after) {
                const std::string gone = before.empty() ? "" : rrset(before, "300");
                const std::string made = after.empty() ? "" : rrset(after, before.empty() ? "60" : "300");
                return ask("POST", "/zones/z-1:updateRecordSets",
                           "{\"deletions\":[" + gone + "],\"additions\":[" + made + "]}",
                           "200\n< {\"done\":true}");
              }};
}

}  // namespace

TEST_CASE("yandexcloud: an RRset is replaced as it was read") { check_all(service()); }

TEST_CASE("yandexcloud: zones on a second page, and a zone by its id") {
  CHECK(play(service(), "cleanup",
             no_zone +
                 zones("example.com", "200\n< {\"dnsZones\":[" + hidden + "],\"nextPageToken\":\"p/2\"}") +
                 zones("example.com", "200\n< {\"dnsZones\":[" + entry + "]}", "&pageToken=p%2F2") + read({}))
            .status == CERTO_OK);
  CHECK(play(service(), "present", no_zone + zones("example.com", "200\n< {\"dnsZones\":[" + hidden + "]}"))
            .status == CERTO_NO_ZONE);
  ValueService other = service();
  other.settings = {{"YANDEX_CLOUD_IAM_TOKEN", "t1.tok"}, {"YANDEX_CLOUD_ZONE_ID", "z-7"}};
  const std::string zone = ask("GET", "/zones/z-7", "", "200\n< {\"id\":\"z-7\",\"zone\":\"example.com.\"}");
  CHECK(play(other, "cleanup", zone + zone + read({}, "z-7")).status == CERTO_OK);
}

TEST_CASE("yandexcloud: a key in its forms, and none") {
  Json key = Json::object();
  key.set("id", "k-1").set("service_account_id", "sa-1");
  key.set("private_key",
          std::string("PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <k-1>\n") + rfc7515_key);
  const auto tries = [](provider::Values settings) {
    ValueService other = service();
    settings["YANDEX_CLOUD_FOLDER_ID"] = "f-1";
    other.settings = std::move(settings);
    provider::Task task;
    task.provider = "yandexcloud";
    task.action = provider::Action::present;
    task.records = {sample_record};
    task.settings = other.settings;
    Transcript nothing("", 1700000000);
    const provider::Outcome outcome = call_by_name(task, nothing);
    // The one request that differs in each run, because of the salt.
    return nothing.fault().starts_with("POST https://iam.api.cloud.yandex.net/iam/v1/tokens")
               ? "asked for a token"
               : outcome.why;
  };
  CHECK(tries({{"YANDEX_CLOUD_KEY_FILE", to_json(key)}}) == "asked for a token");
  CHECK(tries({{"YANDEX_CLOUD_IAM_TOKEN", base64(as_bytes(to_json(key)))}}) == "asked for a token");
  CHECK(tries({{"YANDEX_CLOUD_SERVICE_ACCOUNT_ID", "sa-1"},
               {"YANDEX_CLOUD_KEY_ID", "k-1"},
               {"YANDEX_CLOUD_PRIVATE_KEY_FILE", rfc7515_key}}) == "asked for a token");
  CHECK(tries({{"YANDEX_CLOUD_SERVICE_ACCOUNT_ID", "sa-1"},
               {"YANDEX_CLOUD_KEY_ID", "k-1"},
               {"YANDEX_CLOUD_PRIVATE_KEY_BASE64", base64(as_bytes(rfc7515_key))}}) == "asked for a token");
  CHECK(tries({{"YANDEX_CLOUD_KEY_FILE", "{}"}}) == R"(the authorized key: "service_account_id" is missing)");
  CHECK(tries({}) == "YANDEX_CLOUD_SERVICE_ACCOUNT_ID is not set");
}
