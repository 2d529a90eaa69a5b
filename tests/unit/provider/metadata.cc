// Credentials that a machine finds where it runs, from
// https://cloud.google.com/compute/docs/access/authenticate-workloads,
// https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-use-vm-token and
// https://learn.microsoft.com/en-us/azure/virtual-machines/instance-metadata-service
#include "fixtures/support.h"
#include "fixtures/transcript.h"
#include "net/url.h"

using namespace certo;
using namespace certo::test;
using provider::Outcome;
using provider::Values;

namespace {

struct Played {
  Outcome outcome;
  std::string fault;
};

Played play_here(const char* name, const Values& settings, const std::string& transcript) {
  Transcript service(transcript);
  provider::Task task;
  task.provider = name;
  task.action = provider::Action::present;
  task.records = {{"example.com", "new", 60}};
  task.settings = settings;
  const Outcome outcome = provider::call(*provider::find_builtin(name), task, service);
  return {outcome, service.fault()};
}

/// True when the requests are these to the letter and lead to a list without zones.
bool asks(const char* name, const Values& settings, const std::string& transcript) {
  return in_child([&] {
           net::allow_http_metadata();
           const Played played = play_here(name, settings, transcript);
           const std::vector<provider::Record> records = {{"example.com", "new", 60}};
           const bool is_right = played.fault.empty() && played.outcome.status == CERTO_NO_ZONE &&
                                 unnoticed_changes(name, "present", records, settings, transcript) == 0;
           return is_right ? 0 : 1;
         }) == 0;
}

/// True when the settings are found wanting, with `why` in the reason.
bool refuses(const char* name, const Values& settings, const std::string& transcript,
             const std::string& why) {
  return in_child([&] {
           net::allow_http_metadata();
           const Played played = play_here(name, settings, transcript);
           const bool is_right = played.fault.empty() && played.outcome.status == CERTO_CONFIG &&
                                 played.outcome.why.find(why) != std::string::npos;
           return is_right ? 0 : 1;
         }) == 0;
}

const std::string sample_token =
    "< 200\n< {\"access_token\":\"at-1\",\"expires_in\":3599,\"token_type\":\"Bearer\"}\n";

std::string of_google(const std::string& path) {
  return "> GET http://169.254.169.254/computeMetadata/v1" + path + "\n> Metadata-Flavor: Google\n";
}

std::string google_zones(const std::string& project) {
  return "> GET https://dns.googleapis.com/dns/v1/projects/" + project +
         "/managedZones?dnsName=example.com.\n> Authorization: Bearer at-1\n< 200\n< {}\n";
}

std::string of_azure(const std::string& path) {
  return "> GET http://169.254.169.254/metadata" + path + "\n> Metadata: true\n";
}

const std::string azure_token =
    of_azure("/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F");
const std::string azure_subscription =
    of_azure("/instance/compute/subscriptionId?api-version=2021-02-01&format=text");

std::string azure_zones() {
  return "> GET https://management.azure.com/subscriptions/subid/providers/Microsoft.Network/dnsZones"
         "?api-version=2018-05-01\n> Authorization: Bearer at-1\n< 200\n< {\"value\":[]}\n";
}

}  // namespace

TEST_CASE("gcloud: a machine of the service needs no setting") {
  const std::string token = of_google("/instance/service-accounts/default/token");
  CHECK(asks("gcloud", {},
             token + sample_token + of_google("/project/project-id") + "< 200\n< project-1\n" +
                 google_zones("project-1")));
  CHECK(asks("gcloud", {{"GCE_PROJECT", "other"}}, token + sample_token + google_zones("other")));
}

TEST_CASE("gcloud: if no metadata server answers, the missing setting is named") {
  const std::string token = of_google("/instance/service-accounts/default/token");
  CHECK(refuses("gcloud", {}, token + "< lost\n", "GCE_SERVICE_ACCOUNT_FILE is not set, and no metadata"));
  CHECK(refuses("gcloud", {}, token + "< 404\n< <html>\n", "the service gives no access token"));
  CHECK(refuses("gcloud", {}, token + sample_token + of_google("/project/project-id") + "< 404\n< no\n",
                "GCE_PROJECT is not set"));
}

TEST_CASE("azuredns: a machine with a managed identity needs no setting") {
  CHECK(asks("azuredns", {},
             azure_subscription + "< 200\n< subid\n" + azure_token + sample_token + azure_zones()));
  CHECK(asks("azuredns", {{"AZURE_SUBSCRIPTION_ID", "subid"}}, azure_token + sample_token + azure_zones()));
}

TEST_CASE("azuredns: one of several managed identities is requested by its id") {
  std::string token = azure_token;
  token.insert(token.find('\n'), "&client_id=c%2B1");
  CHECK(asks("azuredns", {{"AZURE_SUBSCRIPTION_ID", "subid"}, {"AZURE_MANAGED_IDENTITY_CLIENT_ID", "c+1"}},
             token + sample_token + azure_zones()));
}

TEST_CASE("azuredns: a machine without a managed identity is named as such") {
  CHECK(refuses("azuredns", {}, azure_subscription + "< lost\n", "this machine has no managed identity"));
  CHECK(refuses("azuredns", {}, azure_subscription + "< 404\n< no\n", "AZURE_SUBSCRIPTION_ID is not set"));
  CHECK(refuses("azuredns", {{"AZURE_SUBSCRIPTION_ID", "subid"}}, azure_token + R"(< 400
< {"error":"invalid_request","error_description":"Identity not found"}
)",
                "answered 400: invalid_request: Identity not found"));
}
