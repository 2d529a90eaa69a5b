// Azure DNS, from its documentation: https://learn.microsoft.com/en-us/rest/api/dns/zones/list,
// https://learn.microsoft.com/en-us/rest/api/dns/record-sets/create-or-update and, for tokens,
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
#include "fixtures/support.h"
#include "fixtures/transcript.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Record;

namespace {

const provider::Values sample_settings = {{"AZURE_TENANT_ID", "tenant"},
                                          {"AZURE_CLIENT_ID", "client"},
                                          {"AZURE_CLIENT_SECRET", "se~cr+et"},
                                          {"AZURE_SUBSCRIPTION_ID", "subid"}};
const Record sample_record = {"_acme-challenge.example.com", "new", 60};

Outcome play_azure(const char* action, const std::string& transcript,
                   std::vector<Record> records = {sample_record},
                   const provider::Values& settings = sample_settings) {
  return play("azuredns", action, std::move(records), settings, transcript);
}

size_t unnoticed(const char* action, const std::string& transcript,
                 std::vector<Record> records = {sample_record},
                 const provider::Values& settings = sample_settings) {
  return unnoticed_changes("azuredns", action, std::move(records), settings, transcript);
}

provider::Values with(provider::Values settings, const provider::Values& more) {
  for (const auto& [name, value] : more) settings[name] = value;
  return settings;
}

const std::string token_answer = R"(200
< {"token_type":"Bearer","expires_in":3599,"access_token":"at-1"})";

std::string grant(const std::string& answer = token_answer) {
  return "> POST https://login.microsoftonline.com/tenant/oauth2/v2.0/token\n"
         "> Content-Type: application/x-www-form-urlencoded\n> \n"
         "> "
         "grant_type=client_credentials&client_id=client&scope=https%3A%2F%2Fmanagement.azure.com%2F.default"
         "&client_secret=se~cr%2Bet\n< " +
         answer + "\n";
}

std::string ask(const std::string& method, const std::string& path, const std::string& condition,
                const std::string& body, const std::string& answer) {
  return "> " + method + " https://management.azure.com" + path + "\n> Authorization: Bearer at-1\n" +
         (condition.empty() ? "" : "> " + condition + "\n") +
         (body.empty() ? "" : "> Content-Type: application/json\n> \n> " + body + "\n") + "< " + answer +
         "\n";
}

const std::string zones_url =
    "/subscriptions/subid/providers/Microsoft.Network/dnsZones?api-version=2018-05-01";
const std::string sample_group =
    "/subscriptions/subid/resourceGroups/rg1/providers/Microsoft.Network/dnsZones";

std::string entry(const std::string& name, const std::string& type = "Public") {
  return R"({"id":")" + sample_group + "/" + name +
         R"(","etag":"00000000-0000-0000-0000-000000000000","name":")" + name +
         R"(","properties":{"zoneType":")" + type + R"("}})";
}

std::string zones(const std::string& answer) { return ask("GET", zones_url, "", "", answer); }

const std::string start =
    grant() + zones("200\n< {\"value\":[" + entry("other.example") + "," + entry("Example.com") + "]}");
// The id's case is the service's affair.
const std::string sample_set = sample_group + "/Example.com/TXT/_acme-challenge?api-version=2018-05-01";

std::string txt(const std::string& values, const std::string& etag = "etag-1") {
  return R"(200
< {"id":"…","etag":")" +
         etag + R"(","name":"_acme-challenge","properties":{"metadata":{"key":"value"},"TTL":300,"fqdn":)" +
         R"("_acme-challenge.example.com.","TXTRecords":[)" + values + "]}}";
}

const std::string no_settings = R"(404
< {"code":"NotFound","message":"The resource record '_acme-challenge' does not exist"})";

std::string read(const std::string& answer) { return ask("GET", sample_set, "", "", answer); }
std::string put(const std::string& condition, const std::string& properties, const std::string& answer) {
  return ask("PUT", sample_set, condition, "{\"properties\":" + properties + "}", answer);
}

const std::string foreign = R"({"value":["for","eign"]})";
const std::string ours = R"({"value":["new"]})";
const std::string both =
    R"({"metadata":{"key":"value"},"TTL":300,"TXTRecords":[)" + foreign + "," + ours + "]}";
const std::string ours_alone = R"({"TTL":60,"TXTRecords":[)" + ours + "]}";

}  // namespace

TEST_CASE("azuredns: a value creates the record set of a name that has none, and only then") {
  const std::string transcript = start + read(no_settings) + put("If-None-Match: *", ours_alone, "201\n< {}");
  CHECK(play_azure("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("azuredns: a value is added next to a foreign one, which stays as it is written") {
  const std::string transcript = start + read(txt(foreign)) + put("If-Match: etag-1", both, "200\n< {}");
  CHECK(play_azure("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("azuredns: nothing is changed if no change is needed") {
  CHECK(play_azure("present", start + read(txt(foreign + "," + ours))).status == CERTO_OK);
  CHECK(unnoticed("present", start + read(txt(foreign + "," + ours))) == 0);
  CHECK(play_azure("cleanup", start + read(txt(foreign))).status == CERTO_OK);
  CHECK(play_azure("cleanup", start + read(no_settings)).status == CERTO_OK);
}

TEST_CASE("azuredns: cleanup leaves the foreign value") {
  const std::string transcript =
      start + read(txt(foreign + "," + ours)) +
      put("If-Match: etag-1", R"({"metadata":{"key":"value"},"TTL":300,"TXTRecords":[)" + foreign + "]}",
          "200\n< {}");
  CHECK(play_azure("cleanup", transcript).status == CERTO_OK);
  CHECK(unnoticed("cleanup", transcript) == 0);
}

TEST_CASE("azuredns: the record set is removed with its last value, unless somebody removed it first") {
  const auto transcript = [](const std::string& answer) {
    return start + read(txt(ours)) + ask("DELETE", sample_set, "If-Match: etag-1", "", answer);
  };
  CHECK(play_azure("cleanup", transcript("200")).status == CERTO_OK);
  CHECK(play_azure("cleanup", transcript("204")).status == CERTO_OK);
  CHECK(play_azure("cleanup", transcript("404\n< {}")).status == CERTO_OK);
  CHECK(unnoticed("cleanup", transcript("200")) == 0);
}

TEST_CASE("azuredns: a record set that changed meanwhile is read again, once") {
  const std::string conflict = R"(412
< {"code":"PreconditionFailed","message":"The condition in the If-Match header was not satisfied."})";
  const std::string lost_race =
      start + read(no_settings) + put("If-None-Match: *", ours_alone, conflict) + read(txt(foreign));
  const std::string transcript = lost_race + put("If-Match: etag-1", both, "200\n< {}");
  CHECK(play_azure("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);

  const Outcome again = play_azure("present", lost_race + put("If-Match: etag-1", both, conflict));
  CHECK(again.status == CERTO_LATER);
  CHECK(again.why == "somebody else is changing _acme-challenge.example.com at the same time");
}

TEST_CASE("azuredns: an id changes neither the host nor the query of a URL") {
  const auto list = [](const std::string& id) {
    return grant() + zones(R"(200
< {"value":[{"id":")" + id +
                           R"(","name":"example.com","properties":{"zoneType":"Public"}}]})");
  };
  for (const char* id : {".evil.example/x", "@evil.example/x", ":1/x", "", "evil"}) {
    CAPTURE(id);
    const Outcome outcome = play_azure("present", list(id));
    CHECK(outcome.status == CERTO_UNREACHABLE);
    CHECK(outcome.why.starts_with("the list of zones has an id that is not a path"));
  }
  const std::string set = "/a%3Fb/%40c%23/TXT/_acme-challenge?api-version=2018-05-01";
  CHECK(play_azure("cleanup", list("/a?b/@c#") + ask("GET", set, "", "", no_settings)).status == CERTO_OK);
}

TEST_CASE("azuredns: a batch lists the zones once and writes each name once") {
  const std::vector<Record> records = {{"_acme-challenge.example.com", "one", 60},
                                       {"_acme-challenge.example.com", "two", 60},
                                       {"example.com", "three", 60}};
  const std::string apex = sample_group + "/Example.com/TXT/%40?api-version=2018-05-01";
  const std::string transcript =
      start + read(no_settings) +
      put("If-None-Match: *", R"({"TTL":60,"TXTRecords":[{"value":["one"]},{"value":["two"]}]})",
          "201\n< {}") +
      ask("GET", apex, "", "", no_settings) +
      ask("PUT", apex, "If-None-Match: *", R"({"properties":{"TTL":60,"TXTRecords":[{"value":["three"]}]}})",
          "201\n< {}");
  CHECK(play_azure("present", transcript, records).status == CERTO_OK);
  CHECK(unnoticed("present", transcript, records) == 0);
}

TEST_CASE("azuredns: the zone may be on the second page, which must be on the same host") {
  const std::string next = zones_url + "&$skipToken=2";
  const std::string transcript =
      grant() +
      zones("200\n< {\"nextLink\":\"https://elsewhere.example:443" + next + "\",\"value\":[" +
            entry("Example.com", "Private") + "]}") +
      ask("GET", next, "", "", "200\n< {\"value\":[" + entry("Example.com") + "]}") +
      read(txt(foreign + "," + ours));
  CHECK(play_azure("present", transcript).status == CERTO_OK);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("azuredns: with group and zone named, no zone is listed") {
  const provider::Values named = {{"AZURE_RESOURCE_GROUP", "rg1"}, {"AZURE_ZONE_NAME", "example.com"}};
  const std::string transcript =
      grant() +
      ask("GET", sample_group + "/example.com/TXT/_acme-challenge?api-version=2018-05-01", "", "", txt(ours));
  CHECK(play_azure("present", transcript, {sample_record}, with(sample_settings, named)).status == CERTO_OK);
  CHECK(unnoticed("present", transcript, {sample_record}, with(sample_settings, named)) == 0);
  const provider::Values common = {{"AZURE_RESOURCE_GROUP", "rg1"}, {"AZUREDNS_ZONE", "example.com"}};
  CHECK(play_azure("present", transcript, {sample_record}, with(sample_settings, common)).status == CERTO_OK);

  const Outcome other = play_azure("present", grant(), {{"_acme-challenge.example.org", "new", 60}},
                                   with(sample_settings, named));
  CHECK(other.status == CERTO_NO_ZONE);
}

TEST_CASE("azuredns: with a group, only its zones are listed, and a missing zone is reported") {
  const provider::Values group = {{"AZURE_RESOURCE_GROUP", "rg1"}};
  const Outcome none = play_azure(
      "present",
      grant() + ask("GET", sample_group + "?api-version=2018-05-01", "", "", "200\n< {\"value\":[]}"),
      {sample_record}, with(sample_settings, group));
  CHECK(none.status == CERTO_NO_ZONE);
  CHECK(none.why == "there is no zone for _acme-challenge.example.com in this account");

  const Outcome gone =
      play_azure("present", start + read(no_settings) + put("If-None-Match: *", ours_alone, R"(404
< {"error":{"code":"ParentResourceNotFound","message":"Parent resource 'Example.com' not found."}})"));
  CHECK(gone.status == CERTO_NO_ZONE);
  CHECK(gone.why.ends_with("answered 404: Parent resource 'Example.com' not found."));
}

TEST_CASE("azuredns: a wrong secret is reported in the service's words, without the secret") {
  const std::string transcript = grant(R"(401
< {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1"})");
  const Outcome refused = play_azure("present", transcript);
  CHECK(refused.status == CERTO_CONFIG);
  CHECK(
      refused.why.ends_with("answered 401: invalid_client: AADSTS7000215: Invalid client secret provided."));
  CHECK(refused.why.find("cr+et") == std::string::npos);
  CHECK(unnoticed("present", transcript) == 0);
}

TEST_CASE("azuredns: a refused right, a wrong subscription, a rate limit and a service in trouble") {
  const Outcome forbidden = play_azure("present", start + read(R"(403
< {"error":{"code":"AuthorizationFailed","message":"The client does not have authorization."}})"));
  CHECK(forbidden.status == CERTO_CONFIG);
  CHECK(forbidden.why.ends_with("answered 403: The client does not have authorization."));
  CHECK(forbidden.why.find("at-1") == std::string::npos);

  const Outcome unknown = play_azure("present", grant() + zones(R"(404
< {"error":{"code":"SubscriptionNotFound","message":"The subscription 'subid' could not be found."}})"));
  CHECK(unknown.status == CERTO_CONFIG);
  CHECK(unknown.why.ends_with("The subscription 'subid' could not be found."));

  CHECK(play_azure("present", start + read("429\n< {}")).status == CERTO_LATER);
  CHECK(play_azure("present", start + read("503\n< <html>")).status == CERTO_UNREACHABLE);
  CHECK(play_azure("present", start + read("200\n< <html>")).status == CERTO_UNREACHABLE);
  CHECK(play_azure("present", start + read("200\n< {}")).status == CERTO_FAILED);
  CHECK(play_azure("present", start + read("lost")).why == "the connection broke");
  CHECK(play_azure("present", grant() + zones("200\n< nothing")).status == CERTO_UNREACHABLE);
  CHECK(play_azure("present", grant("429\n< {}")).status == CERTO_LATER);
}

TEST_CASE("azuredns: a missing or unknown setting is named before any request") {
  provider::Values half = sample_settings;
  half.erase("AZURE_TENANT_ID");
  const Outcome tenant = play_azure("present", "", {sample_record}, half);
  CHECK(tenant.status == CERTO_CONFIG);
  CHECK(tenant.why == "AZURE_TENANT_ID is not set");
  const Outcome cloud =
      play_azure("present", "", {sample_record}, with(sample_settings, {{"AZURE_ENVIRONMENT", "atlantis"}}));
  CHECK(cloud.status == CERTO_CONFIG);
  CHECK(cloud.why == "AZURE_ENVIRONMENT must be public, usgovernment or china");
  const Outcome subscription = play_azure("present", "", {sample_record}, {{"AZURE_ACCESS_TOKEN", "at-1"}});
  CHECK(subscription.status == CERTO_CONFIG);
  CHECK(subscription.why == "AZURE_SUBSCRIPTION_ID is not set");
}

TEST_CASE("azuredns: a workload identity shows its token to the cloud that it lives in") {
  const provider::Values settings = {{"AZURE_TENANT_ID", "tenant"},
                                     {"AZURE_CLIENT_ID", "client"},
                                     {"AZURE_FEDERATED_TOKEN_FILE", "ey.J.w\n"},
                                     {"AZURE_SUBSCRIPTION_ID", "subid"},
                                     {"AZURE_ENVIRONMENT", "USGovernment"}};
  const std::string transcript =
      "> POST https://login.microsoftonline.us/tenant/oauth2/v2.0/token\n"
      "> Content-Type: application/x-www-form-urlencoded\n> \n"
      "> grant_type=client_credentials&client_id=client"
      "&scope=https%3A%2F%2Fmanagement.usgovcloudapi.net%2F.default"
      "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
      "&client_assertion=ey.J.w\n< " +
      token_answer + "\n> GET https://management.usgovcloudapi.net" + zones_url +
      "\n> Authorization: Bearer at-1\n< 200\n< {\"value\":[]}\n";
  CHECK(play_azure("present", transcript, {sample_record}, settings).status == CERTO_NO_ZONE);
  CHECK(unnoticed("present", transcript, {sample_record}, settings) == 0);
}

TEST_CASE("azuredns: a given token, and another address of the API") {
  const provider::Values settings = {{"AZURE_ACCESS_TOKEN", "at-1"},
                                     {"AZURE_SUBSCRIPTION_ID", "subid"},
                                     {"AZUREDNS_BASE_URL", "https://azure.example/"}};
  CHECK(play_azure("present",
                   "> GET https://azure.example" + zones_url +
                       "\n> Authorization: Bearer at-1\n< 200\n< {\"value\":[]}\n",
                   {sample_record}, settings)
            .status == CERTO_NO_ZONE);
}
