// Open Telekom Cloud, by https://docs.otc.t-systems.com/domain-name-service/api-ref/apis/ and
// https://docs.otc.t-systems.com/identity-access-management/api-ref/apis/token_management/obtaining_a_user_token.html
#include "sdk/designate.h"

namespace {

using certo::Json;
using namespace certo::sdk;

constexpr uint32_t least_ttl = 300;

std::string dns_url(const Host& host, const Keystone& keystone) {
  std::string url = host.setting("BASE_URL") ? host.base_url() : keystone_endpoint(keystone, "dns", "");
  return url.ends_with("/v2") ? url : url + "/v2";
}

void change_records(const Host& host, Records records, Change change) {
  const Json user = Json::Object{{"name", host.require("OTC_USER_NAME")},
                                 {"password", host.require("OTC_PASSWORD")},
                                 {"domain", Json::Object{{"name", host.require("OTC_DOMAIN_NAME")}}}};
  const Json project = Json::Object{{"name", host.require("OTC_PROJECT_NAME")}};
  const std::string url =
      host.setting("OTC_IDENTITY_ENDPOINT").value_or("https://iam.eu-de.otc.t-systems.com/v3/auth/tokens");
  const Keystone keystone =
      keystone_login(host, url, keystone_password(user), Json::Object{{"project", project}});
  const bool is_private = certo::lower(host.setting("OTC_PRIVATE_ZONE").value_or("")) == "true";
  change_designate({.host = host,
                    .url = dns_url(host, keystone),
                    .token_header = keystone.header(),
                    .zone_filter = is_private ? "&type=private" : "",
                    .repeats_name = true,
                    .least_ttl = least_ttl},
                   records, change);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(
        .name = "otc", .aliases = "dns_otc", .title = "Open Telekom Cloud",
        .settings =
            {
                {"OTC_USER_NAME", "", "a user with the right DNS Administrator", 1},
                {"OTC_PASSWORD", "", "... the password", 1},
                {"OTC_DOMAIN_NAME", "", "the account's domain, like OTC-EU-DE-00000000001000000000", 1},
                {"OTC_PROJECT_NAME", "", "the project, like eu-de", 1},
                {"OTC_IDENTITY_ENDPOINT", "",
                 "another URL of the tokens (default: https://iam.eu-de.otc.t-systems.com/v3/auth/tokens)",
                 0},
                {"OTC_PRIVATE_ZONE", "", "true: use a private zone", 0},
                {"OTC_BASE_URL", "", "the DNS service, if it is not that of the account's catalog", 0},
            },
        .name_servers = "ns?.open-telekom-cloud.com", .rights = "DNS Administrator in the project")
