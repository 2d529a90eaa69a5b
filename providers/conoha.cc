// ConoHa (VPS 2.0), by https://doc.conoha.jp/reference/api-vps2/api-identity-vps2/identity-post_tokens-v2/
// and https://doc.conoha.jp/reference/api-vps2/api-dns-vps2/
#include "sdk/conoha.h"

namespace {

using certo::Json;
using namespace certo::sdk;

void change_records(const Host& host, Records records, Change change) {
  const std::string region = host.setting("CONOHA_REGION").value_or("tyo1");
  std::string identity =
      host.setting("CONOHA_IDENTITY_URL").value_or("https://identity." + region + ".conoha.io/v2.0");
  while (identity.ends_with('/')) identity.pop_back();
  const Json password = Json::Object{{"username", host.require("CONOHA_API_USERNAME")},
                                     {"password", host.require("CONOHA_API_PASSWORD")}};
  const Keystone keystone = keystone_v2_login(
      host, identity + "/tokens",
      Json::Object{{"tenantId", host.require("CONOHA_TENANT_ID")}, {"passwordCredentials", password}});
  const std::string url =
      host.setting("BASE_URL") ? host.base_url() : "https://dns-service." + region + ".conoha.io";
  change_conoha({.host = host, .url = url, .token_header = keystone.header(), .id = "id"}, records, change);
}

void present(const Host& host, Records records) { change_records(host, records, Change::add); }
void cleanup(const Host& host, Records records) { change_records(host, records, Change::remove); }

}  // namespace

CERTO_PROVIDER(.name = "conoha", .aliases = "dns_conoha", .title = "ConoHa (VPS 2.0)",
               .settings =
                   {
                       {"CONOHA_TENANT_ID", "CONOHA_TenantId",
                        "the tenant's id, shown at https://manage.conoha.jp/API/", 1},
                       {"CONOHA_API_USERNAME", "CONOHA_Username", "an API user, made at the same place", 1},
                       {"CONOHA_API_PASSWORD", "CONOHA_Password", "... its password", 1},
                       {"CONOHA_REGION", "", "tyo1 (default), tyo2, tyo3, sin1 or sjc1", 0},
                       {"CONOHA_IDENTITY_URL", "CONOHA_IdentityServiceApi",
                        "another identity service, like https://identity.tyo2.conoha.io/v2.0", 0},
                       {"CONOHA_BASE_URL", "", "another DNS service, like https://dns-service.tyo2.conoha.io",
                        0},
                   },
               .name_servers = "?.conoha-dns.com ?.conoha-dns.org", .source = "table")
